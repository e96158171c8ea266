import { llm, VADEventType, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';

import type { AgentSession } from '../session/agent-session.js';
import {
  answered,
  type CallScript,
  gate,
  openCall,
  pass,
  recorded,
  type ScriptedCall,
  settled,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, ToneTTS, text } from '../testing/scripted.js';

const HALF = 'I would like a table.';
const REST = 'For four, at eight.';
const WHOLE = `${HALF} ${REST}`;
const GO_ON_MS = 300;

/** The caller's sound begins, and the VAD reports it. LiveKit alone would let it interrupt after half a second. */
const goOn = (call: ScriptedCall) => call.vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 64 });

/** A call with the lever on, and long answers. */
const openRepaired = (model: ScriptedModel, script: CallScript = {}) =>
  openCall(model, {
    ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 3_000 }),
    ...script,
    levers: { repair: true, ...script.levers },
  });

/** A call in which the agent commits the turn after its first half. */
async function cutOff(model: ScriptedModel, script: CallScript = {}): Promise<ScriptedCall> {
  const call = await openRepaired(model, script);
  call.speak();
  call.final(HALF);
  call.stop();
  await until(() => expect(call.session.history.items.length + model.asked.length).toBeGreaterThan(0));
  return call;
}

/** The caller goes on and ends the turn; waits for its answer. */
async function finish(call: ScriptedCall, words = REST): Promise<void> {
  call.final(words);
  call.stop();
  await until(() => expect(call.said('user')).toHaveLength(1));
  await answered(call);
}

/** The words of the LLM requests, without instructions. */
const asked = (model: ScriptedModel) =>
  model.asked.map(({ messages }) =>
    messages.filter(({ role }) => role !== 'system').map(({ role, content }) => `${role}: ${content}`),
  );

const speaking = (call: ScriptedCall) => until(() => expect(call.session.agentState).toBe('speaking'));

describe.each([undefined, 'session', 'agent'] as const)(
  'a caller who was cut off (parts on %s)',
  (dropIn) => {
    it('stops the agent at once, and is answered once, to the whole turn', async () => {
      const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
      const call = await cutOff(model, { dropIn });
      await speaking(call);
      await pass(GO_ON_MS);
      const played = call.played();
      goOn(call);
      await pass(200);
      expect(call.session.agentState).toBe('listening');
      // The output had 40 ms in advance.
      expect(call.played() - played).toBeLessThanOrEqual(24 * 60);
      await finish(call);
      expect(call.said('user')).toEqual([WHOLE]);
      expect(call.said('assistant')).toEqual(['Booked.']);
      expect(asked(model).at(-1)).toEqual([`user: ${WHOLE}`]);
      await recorded(call, 2);
      expect(call.records).toMatchObject([
        { repaired: { part: 'half' }, interrupted: true },
        { repaired: { part: 'whole' }, bargeIn: false },
      ]);
      expect(call.records[0]).not.toHaveProperty('feltGapMs');
      expect(call.records[0]!.repaired!.stoppedMs).toBeLessThan(100);
    });
  },
);

describe('the answer to a half', () => {
  it('is not said if the caller goes on before the LLM’s first token', async () => {
    const model = new ScriptedModel([gate().opened, text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model);
    await pass(GO_ON_MS);
    goOn(call);
    await pass(200);
    await finish(call);
    expect(asked(model)).toEqual([[`user: ${HALF}`], [`user: ${WHOLE}`]]);
    expect([call.said('user'), call.ttsEngine.said]).toEqual([[WHOLE], ['Booked.']]);
    expect(model.open).toBe(0);
  });

  it('is not said if the caller goes on while the TTS still works', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model, { ttsEngine: new ToneTTS({ silenceMs: 600, toneMs: 300 }) });
    await synthesized(call, 'For how many?');
    goOn(call);
    await pass(100);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is not said if it was a speculation that was accepted', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await openRepaired(model);
    call.speak();
    call.interim('I would like a table');
    await synthesized(call, 'For how many?');
    call.final(HALF);
    call.stop();
    await speaking(call);
    goOn(call);
    await pass(100);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
    expect(asked(model).at(-1)).toEqual([`user: ${WHOLE}`]);
  });

  it('stays paused until a slow STT has the words', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model);
    await speaking(call);
    goOn(call);
    await pass(400);
    call.stop();
    const played = call.played();
    await pass(900);
    expect(call.played() - played).toBe(0);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is taken back for words that come after it has resumed', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model, { interruption: { falseInterruptionTimeout: 300 } });
    await speaking(call);
    goOn(call);
    await pass(200);
    call.stop();
    await pass(1_500);
    expect(call.session.agentState).toBe('speaking');
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('is taken back for words that the VAD has not heard', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model);
    await speaking(call);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });
});

it('speculates on the whole turn', async () => {
  const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
  const call = await cutOff(model);
  await speaking(call);
  goOn(call);
  await pass(100);
  call.interim('for four at eight');
  await synthesized(call, 'Booked.');
  expect(call.said('user')).toEqual([]);
  await finish(call);
  expect(asked(model)).toEqual([[`user: ${HALF}`], [expect.stringContaining('for four at eight')]]);
  expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  await recorded(call, 2);
  expect(call.records[1]?.speculation).toMatchObject({ kept: 1 });
});

it('joins a turn that is cut off twice', async () => {
  const model = new ScriptedModel([text('For how many?')], [text('When?')], [text('Booked.')]);
  const call = await cutOff(model);
  await speaking(call);
  goOn(call);
  call.final('For four.');
  call.stop();
  await synthesized(call, 'When?');
  await speaking(call);
  goOn(call);
  await pass(100);
  await finish(call, 'At eight.');
  expect(call.said('user')).toEqual([`${HALF} For four. At eight.`]);
  expect(call.said('assistant')).toEqual(['Booked.']);
});

describe('a sound without words', () => {
  it('leaves the answer and the turn as they are: LiveKit resumes it', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model);
    await speaking(call);
    goOn(call);
    await pass(200);
    expect(call.session.agentState).toBe('listening');
    call.stop();
    await pass(1_100);
    expect(call.session.agentState).toBe('speaking');
    await answered(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[HALF], ['For how many?']]);
    await recorded(call);
    expect(call.records[0]).not.toHaveProperty('repaired');
  });

  it('is answered as the half turn again if an interim had words and the final has none', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('For how many, please?')]);
    const call = await cutOff(model);
    await speaking(call);
    goOn(call);
    call.interim('four');
    await pass(200);
    call.final('');
    call.stop();
    await answered(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[HALF], ['For how many, please?']]);
  });

  it('no longer stops the agent at once after two in a row: the line has an echo', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model);
    for (let turn = 0; turn < 3; turn++) {
      if (turn > 0) {
        call.speak();
        call.final(HALF);
        call.stop();
      }
      await speaking(call);
      goOn(call);
      await pass(100);
      expect(call.session.agentState).toBe(turn < 2 ? 'listening' : 'speaking');
      call.stop();
      await answered(call, turn + 1);
      await pass(2_000);
    }
  });
});

describe('a barge-in', () => {
  it.each<[string, number]>([
    ['that the caller begins later than 1.5 s after the commit', 1_700],
    ['of a caller who has heard the answer for long enough to react', 1_450],
  ])('%s stays one', async (_, afterMs) => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model);
    await pass(afterMs);
    goOn(call);
    await pass(100);
    expect(call.session.agentState).toBe('speaking');
    call.final(REST);
    call.stop();
    await until(() => expect(call.said('user')).toEqual([HALF, REST]));
    await recorded(call, 1);
    expect(call.records[0]).not.toHaveProperty('repaired');
  });

  it('that responds to a short answer is a turn of its own', async () => {
    const model = new ScriptedModel([text('How many?')], [text('Booked.')]);
    const call = await cutOff(model, { ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 500 }) });
    await answered(call);
    await pass(300);
    call.speak();
    call.final('Four.');
    call.stop();
    await answered(call, 2);
    expect(call.said('user')).toEqual([HALF, 'Four.']);
  });
});

describe('tools', () => {
  const toolCall: AnswerStep = {
    type: 'toolCall',
    call: { id: 'call-1', name: 'book', arguments: '{}' },
  };

  function agentWith(execute: () => Promise<string>): voice.Agent {
    const book = llm.tool({ description: 'x', parameters: { type: 'object', properties: {} }, execute });
    return new voice.Agent({ instructions: 'x', tools: { book } });
  }

  it('that have run are not run again: call and output stay, after the whole turn', async () => {
    let runs = 0;
    const agent = agentWith(async () => `table ${++runs}`);
    const model = new ScriptedModel([toolCall], [text('Booked.')], [text('Booked for four.')]);
    const call = await cutOff(model, { agent });
    await speaking(call);
    goOn(call);
    await pass(100);
    await finish(call);
    expect(runs).toBe(1);
    expect(model.asked.at(-1)!.messages.filter(({ role }) => role !== 'system')).toMatchObject([
      { role: 'user', content: WHOLE },
      { role: 'assistant', toolCalls: [{ name: 'book' }] },
      { role: 'tool', content: '"table 1"' },
    ]);
    const types = call.session.history.items.filter(
      ({ type }) => type !== 'agent_handoff' && type !== 'agent_config_update',
    );
    expect(types.map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
    expect(call.said('assistant')).toEqual(['Booked for four.']);
  });

  it.each<[string, boolean]>([
    ['alone', false],
    ['while the agent speaks', true],
  ])('that still run %s are waited for, and their output is kept', async (_, speaks) => {
    let runs = 0;
    const done = gate();
    const agent = agentWith(async () => {
      runs += 1;
      await done.opened;
      return 'table 1';
    });
    const first = speaks ? [text('One moment, I will see to that.'), toolCall] : [toolCall];
    const model = new ScriptedModel(first, [text('Booked for four.')]);
    const call = await cutOff(model, { agent });
    await until(() => expect(runs).toBe(1));
    if (speaks) await speaking(call);
    goOn(call);
    await pass(100);
    call.final(REST);
    call.stop();
    await pass(500);
    expect([call.said('user'), call.said('assistant')]).toEqual([[], []]);
    done.open();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Booked for four.']);
    expect(runs).toBe(1);
    expect(model.asked.at(-1)!.messages.filter(({ role }) => role !== 'system')).toMatchObject([
      { role: 'user', content: WHOLE },
      { role: 'assistant', toolCalls: [{ name: 'book' }] },
      { role: 'tool', content: '"table 1"' },
    ]);
  });
});

describe('the user’s own', () => {
  class Hooked extends voice.Agent {
    readonly turns: (string | undefined)[] = [];
    wait: Promise<void> | undefined;

    override async onUserTurnCompleted(_: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
      this.turns.push(message.textContent);
      await this.wait;
    }
  }

  it('onUserTurnCompleted is called again, with the whole turn', async () => {
    const agent = new Hooked({ instructions: 'x' });
    const call = await cutOff(new ScriptedModel([text('For how many?')], [text('Booked.')]), { agent });
    await speaking(call);
    goOn(call);
    await pass(100);
    await finish(call);
    expect(agent.turns).toEqual([HALF, WHOLE]);
  });

  it('onUserTurnCompleted may still run when the caller goes on: the half gets no answer', async () => {
    const hook = gate();
    const agent = new Hooked({ instructions: 'x' });
    agent.wait = hook.opened;
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await openRepaired(model, { agent });
    call.speak();
    call.final(HALF);
    call.stop();
    await until(() => expect(agent.turns).toEqual([HALF]));
    await pass(GO_ON_MS);
    goOn(call);
    call.final(REST);
    hook.open();
    call.stop();
    await answered(call);
    expect(agent.turns).toEqual([HALF, WHOLE]);
    expect([call.said('user'), call.ttsEngine.said.at(-1)]).toEqual([[WHOLE], 'Booked.']);
    expect(call.said('assistant')).toEqual(['Booked.']);
  });

  it.each<[string, CallScript]>([
    ['the lever is off', { levers: { repair: false } }],
    ['minDuration is set', { interruption: { minDuration: 700 } }],
    ['answers may not be interrupted', { interruption: { enabled: false } }],
  ])('options stay: the sound does not stop the agent if %s', async (_, script) => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model, script);
    await speaking(call);
    goOn(call);
    await pass(300);
    expect(call.session.agentState).toBe('speaking');
  });

  it('minDuration is kept, and the halves are joined once it has passed', async () => {
    const model = new ScriptedModel([text('For how many?')], [text('Booked.')]);
    const call = await cutOff(model, { interruption: { minDuration: 700 } });
    await speaking(call);
    goOn(call);
    await pass(300);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('minWords are kept: fewer of them do not end the answer', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model, { interruption: { minWords: 3 } });
    await speaking(call);
    goOn(call);
    call.interim('for four');
    await pass(200);
    expect(call.session.agentState).toBe('speaking');
    expect(call.said('user')).toEqual([HALF]);
    await settled();
  });
});

it.each<[string, CallScript]>([
  ['turnDetection is manual', { own: { turnHandling: { turnDetection: 'manual' } } }],
  ['the STT decides when the turn is over', { own: { turnHandling: { turnDetection: 'stt' } } }],
  ['interruptions are off', { interruption: { enabled: false } }],
])('is idle, and says so: %s', async (reason, script) => {
  const call = await openRepaired(new ScriptedModel([]), { dropIn: 'session', ...script });
  const levers = (call.session as AgentSession).levers.filter(({ lever }) => lever === 'repair');
  expect(levers).toEqual([{ lever: 'repair', state: 'idle', reason }]);
});

describe('while LiveKit lets the caller’s echo canceller adapt', () => {
  const window = (level: number) => ({
    frames: [new AudioFrame(new Int16Array(512).fill(level), 16_000, 1, 512)],
    probability: 0.9,
  });

  it.each<[string, CallScript, number, string]>([
    ['a sound as loud as the caller stops the agent', { echoWarmup: true }, 7000, 'listening'],
    ['an echo does not', { echoWarmup: true }, 2000, 'speaking'],
    ['no sound does if the user has set that time', { own: { aecWarmupDuration: 3000 } }, 7000, 'speaking'],
  ])('%s', async (_, script, level, state) => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await openRepaired(model, { dropIn: 'session', ...script });
    call.vad.say(VADEventType.INFERENCE_DONE, window(8000));
    call.speak();
    call.final(HALF);
    call.stop();
    await speaking(call);
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    goOn(call);
    await pass(100);
    expect(call.session.agentState).toBe(state);
  });
});
