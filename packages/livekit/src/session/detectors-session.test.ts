import type { EndOfTurnDetector, EndOfTurnQuestion } from '@firstword/turn';
import { inference, initializeLogger, stt, VADEventType, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { activityTurnDetection } from '../internals/session-activity.js';
import { FirstwordLLM } from '../llm/llm.js';
import { during, pass, settled, until } from '../testing/call-rig.js';
import { type EotReply, eotServer } from '../testing/eot-server.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD } from '../testing/scripted.js';
import { stopClock } from '../testing/stopped-clock.js';
import { INPUT_RATE_HZ, PushAudioInput } from '../transport/audio-input.js';
import { AgentSession, type AgentSessionOptions } from './agent-session.js';
import type { DelayedTurnDetector } from './end-of-turn.js';
import { LIVEKIT_EOT_AT_MS } from './endpointing.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** Longer than any wait for the end of a turn, ms. */
const LONGEST_MS = 3000;

/** Firstword's session with a detector; its VAD and STT are scripted, and the clock stands still. */
async function openCall(options: Pick<AgentSessionOptions, 'turnHandling' | 'firstword'>) {
  stopClock();
  const [vad, scriptedStt] = [new ScriptedVAD(), new ScriptedSTT()];
  const session = new AgentSession({
    vad,
    stt: scriptedStt,
    llm: new FirstwordLLM(new ScriptedModel([{ type: 'text', text: 'Yes.' }])),
    ...options,
    // The caller's next turn follows at once: with `repair` it would be the rest of the one before.
    firstword: { ...options.firstword, levers: { repair: false, ...options.firstword?.levers } },
    turnHandling: { preemptiveGeneration: { enabled: false }, ...options.turnHandling },
  });
  const input = new PushAudioInput();
  session.input.audio = input;
  await during(session.start({ agent: new voice.Agent({ instructions: 'x' }) }));
  onTestFinished(async () => {
    await during(session.close());
  });
  const userMessages = () =>
    session.history.items.flatMap((item) =>
      item.type === 'message' && item.role === 'user' ? [item.textContent] : [],
    );
  return {
    session,
    input,
    detector: activityTurnDetection(session) as DelayedTurnDetector,
    userMessages,
    speak: () => {
      vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
    },
    /** The caller falls silent; their final transcript follows. */
    pause: async (words: string, more: Partial<stt.SpeechData> = {}) => {
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: LIVEKIT_EOT_AT_MS });
      vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: LIVEKIT_EOT_AT_MS, speaking: false });
      scriptedStt.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, words, more);
      await settled();
    },
    hear: (type: stt.SpeechEventType) => scriptedStt.hear(type, ''),
    /** How long after the detector was first asked the turn was committed, ms. */
    commitMs: async () => {
      const startedMs = performance.now();
      await until(() => expect(userMessages()).toHaveLength(1));
      return performance.now() - startedMs;
    },
  };
}

const WORDS = 'I would like a table.';

/** A detector of the user's own. */
const own = (predict: (question: EndOfTurnQuestion) => unknown, more: Partial<EndOfTurnDetector> = {}) =>
  ({ name: 'own', predict, ...more }) as EndOfTurnDetector;

async function commitMsWith(predict: (question: EndOfTurnQuestion) => unknown): Promise<number> {
  const call = await openCall({ firstword: { detector: own(predict) } });
  call.speak();
  await call.pause(WORDS);
  const commitMs = await call.commitMs();
  // Never a lost turn, and never one answered twice.
  await pass(LONGEST_MS);
  expect(call.userMessages()).toEqual([WORDS]);
  return commitMs;
}

describe('a detector of the user’s own', () => {
  it('decides how long the session waits', async () => {
    const soonMs = await commitMsWith(async () => 0.99);
    const lateMs = await commitMsWith(async () => 0.01);
    expect(soonMs).toBeLessThan(100);
    expect(lateMs).toBeGreaterThan(soonMs + 400);
  });

  it.each<[string, (question: EndOfTurnQuestion) => unknown]>([
    ['fails', () => Promise.reject(new Error('no model'))],
    [
      'throws',
      () => {
        throw new Error('no model');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    [
      'answers after the wait is over',
      // A timer of the clock that `openCall` has stopped.
      () => new Promise((resolve) => setTimeout(() => resolve(0.99), LONGEST_MS)),
    ],
    ['answers NaN', async () => Number.NaN],
    ['answers 2', async () => 2],
    ['answers -1', async () => -1],
    ['answers a string', async () => '0.99'],
    ['answers nothing', async () => undefined],
  ])('that %s makes the session wait as long as an unsure one', async (_, predict) => {
    const soonMs = await commitMsWith(async () => 0.99);
    expect(await commitMsWith(predict)).toBeGreaterThan(soonMs + 400);
  });

  it('is not asked in a language that it does not know', async () => {
    const predict = vi.fn(async () => 0.99);
    const call = await openCall({ firstword: { detector: own(predict, { languages: ['en'] }) } });
    call.speak();
    await call.pause('Dzień dobry', { language: 'pl' as stt.SpeechData['language'] });
    await until(() => expect(call.userMessages()).toEqual(['Dzień dobry']));
    predict.mockClear();
    call.speak();
    await call.pause('Do widzenia', { language: 'pl' as stt.SpeechData['language'] });
    await until(() => expect(call.userMessages()).toHaveLength(2));
    expect(predict).not.toHaveBeenCalled();
  });

  it('gets the audio of the turn, and its question is aborted when the caller goes on', async () => {
    const questions: EndOfTurnQuestion[] = [];
    const predict = (question: EndOfTurnQuestion) => {
      questions.push(question);
      return new Promise<number>(() => {});
    };
    const call = await openCall({ firstword: { detector: own(predict, { windowMs: 2000 }) } });
    const push = async (ms: number, level: number) => {
      call.input.push(new Int16Array((ms * INPUT_RATE_HZ) / 1000).fill(level), performance.now());
      await settled();
    };
    await push(1500, 1);
    call.speak();
    await push(800, 2);
    await call.pause('I would like');
    const [first] = questions;
    expect(first).toMatchObject({ sampleRateHz: INPUT_RATE_HZ });
    // A second before the speech is kept.
    expect(first!.audio.length).toBe((1800 * INPUT_RATE_HZ) / 1000);
    expect([first!.audio[0], first!.audio.at(-1)]).toEqual([1, 2]);
    expect(first!.signal.aborted).toBe(false);
    call.speak();
    await settled();
    expect(first!.signal.aborted).toBe(true);
    await push(1000, 3);
    await call.pause('a table.');
    expect(questions.at(-1)!.audio.length).toBe((2000 * INPUT_RATE_HZ) / 1000);
  });

  it('loads what it needs when the session starts', async () => {
    const ready = vi.fn(async () => {});
    await openCall({ firstword: { detector: own(async () => 0.5, { ready }) } });
    expect(ready).toHaveBeenCalledOnce();
  });

  it('is refused if it cannot be asked', () => {
    const detector = { name: 'x' } as EndOfTurnDetector;
    expect(() => new AgentSession({ firstword: { detector } })).toThrow(/firstword\.detector/);
  });
});

describe('the STT’s own end of turn', () => {
  it('ends the wait, and does not last into the next pause', async () => {
    const call = await openCall({
      firstword: { detector: 'stt' },
      turnHandling: { preemptiveGeneration: { enabled: true } },
    });
    call.speak();
    await call.pause(WORDS);
    await pass(100);
    expect(call.userMessages()).toEqual([]);
    call.hear(stt.SpeechEventType.END_OF_SPEECH);
    await until(() => expect(call.userMessages()).toEqual([WORDS]));
    expect(call.detector.decision?.modelProbability).toBeGreaterThan(0.8);
    call.speak();
    call.hear(stt.SpeechEventType.START_OF_SPEECH);
    await call.pause('I would also like a chair.');
    await pass(100);
    expect(call.userMessages()).toHaveLength(1);
    // Without it the pause is that of an unsure detector.
    await until(() => expect(call.userMessages()).toHaveLength(2));
  });

  it('needs the lever that listens to the STT', async () => {
    const call = await openCall({ firstword: { detector: 'stt', levers: { speculation: false } } });
    expect(call.session.levers).toContainEqual({
      lever: 'endpointing',
      state: 'idle',
      reason: expect.stringMatching(/speculation/),
    });
  });
});

describe('LiveKit’s cloud detector v1', () => {
  const KEYS = { apiKey: 'key', apiSecret: 'a-secret-of-at-least-32-characters' };

  async function openCloudCall(reply: () => EotReply, threshold?: number) {
    const server = await eotServer(reply, threshold === undefined ? {} : { threshold });
    onTestFinished(() => server.close());
    const turnDetection = new inference.TurnDetector({ version: 'v1', baseUrl: server.url, ...KEYS });
    const call = await openCall({ turnHandling: { turnDetection }, firstword: { endpointing: 'careful' } });
    await until(() => expect(server.received).toContain('sessionCreate'));
    return { ...call, server };
  }

  it('decides how long the session waits, over its own wire', async () => {
    const call = await openCloudCall(() => 0.9);
    call.input.push(new Int16Array(1600).fill(1), performance.now());
    call.speak();
    await call.pause(WORDS);
    await until(() => expect(call.detector.decision?.modelProbability).toBeCloseTo(0.9));
    await until(() => expect(call.userMessages()).toEqual([WORDS]));
    expect(call.detector.model).toBe('turn-detector-v1');
    expect(call.server.received).toContain('inferenceStart');
    expect(call.server.audioSamples()).toBe(1600);
    expect(call.session.levers).toContainEqual({ lever: 'endpointing', state: 'on' });
  });

  it('is asked where LiveKit takes it by itself', async () => {
    const server = await eotServer(() => 0.9);
    onTestFinished(() => server.close());
    vi.stubEnv('LIVEKIT_API_KEY', KEYS.apiKey).stubEnv('LIVEKIT_API_SECRET', KEYS.apiSecret);
    vi.stubEnv('LIVEKIT_DEV_MODE', '1').stubEnv('LIVEKIT_INFERENCE_URL', server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const call = await openCall({});
    await until(() => expect(server.received).toContain('sessionCreate'));
    call.speak();
    await call.pause(WORDS);
    await until(() => expect(call.detector.decision?.probability).toBeCloseTo(0.9));
    await until(() => expect(call.userMessages()).toEqual([WORDS]));
    expect(call.session.levers).toContainEqual({ lever: 'endpointing', state: 'on' });
  });

  it('has its answers read by the threshold that the cloud reports', async () => {
    const call = await openCloudCall(() => 0.2, 0.2);
    call.speak();
    await call.pause(WORDS);
    await until(() => expect(call.detector.decision?.modelProbability).toBeCloseTo(0.5));
  });

  it.each<[string, EotReply]>([
    ['never answers', 'nothing'],
    ['closes the connection', 'close'],
    ['answers nonsense', Number.NaN],
  ])('that %s makes the session wait as long as an unsure one', async (_, reply) => {
    const call = await openCloudCall(() => reply);
    call.speak();
    await call.pause(WORDS);
    await until(() => expect(call.server.received).toContain('inferenceStart'));
    expect(await call.commitMs()).toBeGreaterThan(400);
    await pass(LONGEST_MS);
    expect(call.userMessages()).toEqual([WORDS]);
  });

  it('is replaced by the local model, as LiveKit does, if it does not answer', async () => {
    const call = await openCloudCall(() => 'nothing');
    for (let turn = 1; turn <= 2; turn += 1) {
      call.speak();
      await call.pause(WORDS);
      await until(() => expect(call.userMessages()).toHaveLength(turn));
    }
    await until(() => expect(call.detector.model).toBe('turn-detector-v1-mini'));
  });
});
