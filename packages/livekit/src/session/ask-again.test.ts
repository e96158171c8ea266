import { stt, VADEventType, type voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import {
  answered,
  type CallScript,
  commit,
  openCall,
  pass,
  recorded,
  type ScriptedCall,
  settled,
  until,
} from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, ToneTTS, text } from '../testing/scripted.js';
import { planSession } from './session-plan.js';

const SORRY = 'Sorry, I didn’t catch that.';
const ON = { speculation: false, askAgain: true };
/** Silence after which LiveKit's timeout fires, ms; its event comes 50 ms after the sound. */
const LEFT_MS = 950;

async function openAsking(script: CallScript = {}, ...answers: AnswerStep[][]) {
  const model = new ScriptedModel(...(answers.length > 0 ? answers : [[text('Yes.')]]));
  const call = await openCall(model, { levers: ON, ...script });
  return { ...call, model };
}

/** The VAD hears speech of this length; the STT writes nothing. */
async function mumble(call: ScriptedCall, speechMs = 400): Promise<void> {
  call.speak();
  await settled();
  call.vad.say(VADEventType.END_OF_SPEECH, {
    silenceDuration: 50,
    speaking: false,
    speechDuration: speechMs,
  });
  await settled();
}

/** A first turn with words, answered, so that the language is known and the agent listens. */
async function begun(script: CallScript = {}): Promise<Awaited<ReturnType<typeof openAsking>>> {
  const call = await openAsking(script);
  call.speak();
  await commit(call, 'Hello there.');
  await until(() => expect(call.session.agentState).toBe('listening'));
  return call;
}

describe('after speech that brought no words', () => {
  it('the caller is asked again a second after the sound, in the language of their earlier words', async () => {
    const call = await begun();
    await mumble(call);
    await pass(LEFT_MS - 20);
    expect(call.said('assistant')).toEqual(['Yes.']);
    await pass(40);
    await answered(call, 2);
    expect(call.said('assistant')).toEqual(['Yes.', SORRY]);
    expect(call.said('user')).toEqual(['Hello there.']);
  });

  it('an empty final is no transcript', async () => {
    const call = await begun();
    call.speak();
    call.final('');
    await mumble(call);
    await pass(1000);
    await answered(call, 2);
  });

  it('an empty final after interims is not waited for any longer', async () => {
    const call = await begun({ levers: { speculation: true, askAgain: true } });
    call.hear(stt.SpeechEventType.INTERIM_TRANSCRIPT, 'by', { confidence: 0.1 });
    call.final('');
    await mumble(call);
    await pass(1000);
    await answered(call, 2);
    expect(call.said('assistant').at(-1)).toBe(SORRY);
  });

  it('the LLM asks while the language is not known', async () => {
    const call = await openAsking({}, [text('Say it again, please.')]);
    await mumble(call);
    await pass(1000);
    await answered(call);
    expect(JSON.stringify(call.model.asked[0]?.messages)).toContain('could not be understood');
  });

  it('the turn is recorded as asked again, without a felt gap', async () => {
    const call = await begun();
    await mumble(call);
    await pass(1000);
    await recorded(call, 2);
    const record = call.records[1]!;
    expect(record).toMatchObject({
      turn: 2,
      outcome: 'asked_again',
      failure: { part: 'stt', code: 'no_words' },
    });
    expect(record.feltGapMs).toBeUndefined();
    expect(record.marks.firstAudible! - record.marks.speechEnded!).toBeGreaterThan(950);
    expect(record.marks).not.toHaveProperty('ttsRequested');
  });

  it('a jump of the wall clock changes nothing', async () => {
    const call = await begun();
    await mumble(call);
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(1000);
    await recorded(call, 2);
    const { marks } = call.records[1]!;
    expect(call.said('assistant')).toEqual(['Yes.', SORRY]);
    expect(marks.turnCommitted! - marks.speechEnded!).toBeLessThan(1100);
  });

  it('it is asked three times in a row, and again only after words; meanwhile the STT is reported', async () => {
    const call = await begun();
    for (let i = 0; i < 4; i++) {
      await mumble(call);
      await pass(2000);
    }
    expect(call.said('assistant')).toEqual(['Yes.', SORRY, SORRY, SORRY]);
    expect(call.errors).toHaveLength(1);
    call.speak();
    await commit(call, 'A table, please.', 5);
    await until(() => expect(call.session.agentState).toBe('listening'));
    await mumble(call);
    await pass(1000);
    await answered(call, 6);
    expect(call.said('assistant').slice(4)).toEqual(['Yes.', SORRY]);
  });

  it('it is asked as often as the setting says', async () => {
    const call = await begun({ askAgainLimit: 1 });
    for (let i = 0; i < 3; i++) {
      await mumble(call);
      await pass(2000);
    }
    expect(call.said('assistant')).toEqual(['Yes.', SORRY]);
    expect(call.errors).toHaveLength(2);
  });

  it('words that come during the question end it and are answered', async () => {
    const call = await begun({ ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 3000 }) });
    await until(() => expect(call.session.agentState).toBe('listening'));
    await mumble(call);
    await pass(1000);
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.final('A table, please.');
    await until(() => expect(call.said('user')).toEqual(['Hello there.', 'A table, please.']));
    await until(() => expect(call.said('assistant').at(-1)).toBe('Yes.'));
  });
});

describe('the caller is not asked again', () => {
  it('after a cough, or several', async () => {
    const call = await begun();
    for (let i = 0; i < 4; i++) {
      await mumble(call, 100);
      await pass(2000);
    }
    expect(call.said('assistant')).toEqual(['Yes.']);
  });

  it('if the words come in time', async () => {
    const call = await begun();
    await mumble(call);
    await pass(500);
    call.final('A table, please.');
    await answered(call, 2);
    await pass(3000);
    expect(call.said('assistant')).toEqual(['Yes.', 'Yes.']);
  });

  it('while a final transcript is on its way after interims, for two seconds more', async () => {
    const call = await begun();
    call.speak();
    call.interim('a table');
    await mumble(call);
    await pass(2800);
    expect(call.said('assistant')).toEqual(['Yes.']);
    await pass(400);
    await answered(call, 2);
    expect(call.said('assistant').at(-1)).toBe(SORRY);
  });

  it('for a sound over an answer that goes on', async () => {
    const call = await openAsking({
      ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 4000 }),
      interruption: { mode: 'vad' },
    });
    call.speak();
    call.final('Hello there.');
    call.stop();
    await until(() => expect(call.session.agentState).toBe('speaking'));
    await pass(2000);
    await mumble(call);
    await pass(8000);
    await settled();
    expect(call.said('assistant')).toEqual(['Yes.']);
  });

  it('while the caller speaks again', async () => {
    const call = await begun();
    await mumble(call);
    await pass(500);
    call.speak();
    await pass(5000);
    expect(call.said('assistant')).toEqual(['Yes.']);
  });

  it('if the lever is off', async () => {
    const call = await begun({ levers: { speculation: false } });
    expect(call.session.sessionOptions.transcriptionTimeout).toBeNull();
    await mumble(call);
    await pass(3000);
    expect(call.said('assistant')).toEqual(['Yes.']);
  });
});

describe('the rest of a turn that was cut off', () => {
  it('is asked for, and the answer to its first half ends', async () => {
    const call = await openAsking(
      { ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 3000 }) },
      [text('A first answer.')],
      [text('Yes.')],
    );
    call.speak();
    call.final('I would like.');
    call.stop();
    await until(() => expect(call.session.agentState).toBe('speaking'));
    await mumble(call, 1500);
    await pass(1000);
    await until(() => expect(call.said('assistant').at(-1)).toBe(SORRY));
    await recorded(call, 2);
    expect(call.records.map(({ outcome }) => outcome)).toEqual(['interrupted', 'asked_again']);
  });
});

describe('what is said', () => {
  it('may be a text', async () => {
    const call = await begun({ askAgain: 'Pardon?' });
    await mumble(call);
    await pass(1000);
    await answered(call, 2);
    expect(call.said('assistant').at(-1)).toBe('Pardon?');
  });

  it('may be a function of the speech, which may say nothing', async () => {
    const askAgain = vi.fn(() => undefined);
    const call = await begun({ askAgain });
    await mumble(call, 700);
    await pass(1000);
    expect(askAgain).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ speechMs: 700, language: 'en' }),
    );
    await pass(1000);
    expect(call.said('assistant')).toEqual(['Yes.']);
  });

  it('a function that throws does not end the call', async () => {
    const call = await begun({
      askAgain: () => {
        throw new Error('bad');
      },
    });
    await mumble(call);
    await pass(1000);
    call.speak();
    await commit(call, 'A table, please.', 2);
  });
});

describe('the plan of a session', () => {
  const of = (given: voice.AgentSessionOptions) => planSession(given, {});

  it('keeps a timeout that the user has set', () => {
    expect(of({ transcriptionTimeout: 4000 }).options.transcriptionTimeout).toBe(4000);
    expect(of({}).options.transcriptionTimeout).toBe(1000);
  });

  it('says why nothing can be asked', () => {
    expect(of({ transcriptionTimeout: null }).idle.askAgain).toBe('transcriptionTimeout is null');
    expect(of({ vad: null }).idle.askAgain).toContain('VAD');
    expect(of({ turnHandling: { turnDetection: 'manual' } }).idle.askAgain).toContain('manual');
  });

  it('refuses an empty text', () => {
    expect(() => planSession({}, { askAgain: ' ' })).toThrow('firstword.askAgain');
  });
});
