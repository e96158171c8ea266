import { ManualClock } from '@firstword/turn';
import { initializeLogger, stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BreakingSTT, type ConnectionPlan } from '../testing/breaking-stt.js';
import { isRecovered, ReconnectingStream } from './reconnecting-stream.js';

const { SpeechEventType: Type } = stt;

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const STEP_MS = 25;

/** 20 ms of audio whose samples are `value`. */
const frame = (value: number) => new AudioFrame(new Int16Array(320).fill(value), 16_000, 1, 320);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** Runs what is due now. LiveKit starts the tasks of a stream with timers of 0 ms: they come before one that is set later. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (let task = 0; task < 5; task += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function rig(options: { plan?: ConnectionPlan[]; isReplaceable?: boolean } = {}) {
  const clock = new ManualClock();
  const inner = new BreakingSTT();
  inner.plan = options.plan ?? [];
  const errors: string[] = [];
  const gaveUp: string[] = [];
  let reconnections = 0;
  inner.on('error', ({ error }) => errors.push(`${error.message}${isRecovered(error) ? ', recovered' : ''}`));
  const stream = new ReconnectingStream({
    open: () => inner.stream(),
    isReplaceable: options.isReplaceable ?? true,
    clock,
    onReconnect: () => {
      reconnections += 1;
    },
    onGaveUp: ({ message }) => gaveUp.push(message),
  });
  onTestFinished(() => stream.close());
  const words: string[] = [];
  let hasEnded = false;
  void stream
    .read(({ type, alternatives }) =>
      words.push(`${Type[type]?.split('_')[0]} ${alternatives?.[0]?.text ?? ''}`.trim()),
    )
    .then(() => {
      hasEnded = true;
    });
  let next = 1;
  const say = (frames: number) => {
    for (const value of upTo(next + frames - 1, next)) stream.pushFrame(frame(value));
    next += frames;
  };
  const pass = async (ms: number, stepMs = STEP_MS) => {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(stepMs);
      await settle();
    }
  };
  await settle();
  return {
    clock,
    inner,
    stream,
    errors,
    gaveUp,
    words,
    say,
    pass,
    reconnections: () => reconnections,
    hasEnded: () => hasEnded,
  };
}

/** The caller has said `frames` frames and is still speaking; the STT has reported that. */
async function speaking(frames: number, options?: Parameters<typeof rig>[0]) {
  const call = await rig(options);
  call.stream.setSpeaking(true);
  call.say(frames);
  call.inner.newest.hear(Type.START_OF_SPEECH);
  await settle();
  return call;
}

describe('a connection that is closed while the caller speaks', () => {
  it('is replaced at once, and the new one gets the audio of the turn, and what follows', async () => {
    const { inner, say, pass, words, reconnections } = await speaking(10);
    inner.newest.drop();
    say(5);
    await pass(300);
    say(1);
    await settle();
    expect(inner.streams).toHaveLength(2);
    expect(inner.streams[0]!.isClosed).toBe(true);
    expect(inner.newest.sent).toEqual(upTo(16));
    inner.newest.hear(Type.FINAL_TRANSCRIPT, 'a table for four');
    await settle();
    expect(words).toEqual(['START', 'FINAL a table for four']);
    expect(reconnections()).toBe(1);
  });

  it('sends the audio of the past four times as fast as it was spoken', async () => {
    const { inner, pass } = await speaking(50);
    inner.newest.drop();
    await settle();
    await pass(100);
    expect(inner.newest.sent.length).toBeGreaterThanOrEqual(18);
    expect(inner.newest.sent.length).toBeLessThanOrEqual(26);
    await pass(200);
    expect(inner.newest.sent).toEqual(upTo(50));
  });

  it('sends it more slowly to the next connection if that one is closed before it has brought words', async () => {
    const { inner, pass } = await speaking(50);
    inner.newest.drop();
    await pass(100);
    inner.newest.drop();
    await pass(300);
    expect(inner.streams).toHaveLength(3);
    expect(inner.newest.sent.length).toBeLessThanOrEqual(16);
    await pass(900);
    expect(inner.newest.sent).toEqual(upTo(50));
  });

  it('does not repeat words that are final', async () => {
    const { inner, stream, say, pass } = await speaking(30);
    stream.setSpeaking(false);
    inner.newest.hear(Type.FINAL_TRANSCRIPT, 'good evening');
    await settle();
    stream.setSpeaking(true);
    say(5);
    inner.newest.drop();
    await pass(500);
    // 400 ms before the speech, because the VAD reports it late.
    expect(inner.newest.sent).toEqual(upTo(35, 11));
  });

  it('may still bring the words, until they come', async () => {
    const { inner, stream } = await speaking(10);
    expect(stream.isCatchingUp).toBe(false);
    inner.newest.drop();
    await settle();
    stream.setSpeaking(false);
    expect(stream.isCatchingUp).toBe(true);
    inner.newest.hear(Type.INTERIM_TRANSCRIPT, 'a table');
    await settle();
    expect(stream.isCatchingUp).toBe(false);
  });

  it('brings no words that nobody waits for any more', async () => {
    const { inner, stream, pass } = await speaking(50, { plan: ['opens', 'hangs'] });
    inner.newest.drop();
    await settle();
    stream.setSpeaking(false);
    stream.forgetAudio();
    expect(stream.isCatchingUp).toBe(false);
    await pass(4_000, 100);
    expect(inner.newest.sent).toEqual(upTo(50, 31));
  });

  it('reports what the old stream says afterwards to nobody', async () => {
    const { inner, words, errors } = await speaking(10);
    const [old] = inner.streams;
    old!.hear(Type.INTERIM_TRANSCRIPT, 'a tab');
    old!.drop();
    old!.fail('closed unexpectedly');
    await settle();
    expect(words).toEqual(['START']);
    expect(errors.filter((error) => !error.endsWith('recovered'))).toEqual([]);
  });
});

describe('a connection that is closed in silence', () => {
  it('is replaced too: the stream would not notice, or be deaf', async () => {
    const { inner, say, pass } = await rig();
    say(40);
    inner.newest.hear(Type.FINAL_TRANSCRIPT, 'good evening');
    await settle();
    inner.newest.drop();
    await pass(300);
    expect(inner.streams).toHaveLength(2);
    expect(inner.newest.sent).toEqual(upTo(40, 21));
  });
});

describe('a service that is away', () => {
  it('is asked again after growing pauses, and nothing that is said is lost', async () => {
    const plan: ConnectionPlan[] = ['opens', 'is refused', 'is refused', 'is refused'];
    const { inner, say, pass, errors, gaveUp } = await speaking(10, { plan });
    inner.newest.drop();
    await settle();
    expect(inner.streams).toHaveLength(2);
    await pass(100);
    expect(inner.streams).toHaveLength(3);
    say(5);
    await pass(250);
    expect(inner.streams).toHaveLength(4);
    await pass(500);
    expect(inner.streams).toHaveLength(5);
    await pass(500);
    expect(inner.newest.sent).toEqual(upTo(15));
    expect(errors).toEqual(Array(3).fill('refused, recovered'));
    expect(gaveUp).toEqual([]);
  });

  it('is given up after eight seconds, with its last failure', async () => {
    const plan: ConnectionPlan[] = ['opens', ...Array<ConnectionPlan>(9).fill('is refused')];
    const { inner, pass, gaveUp, hasEnded } = await speaking(10, { plan });
    inner.newest.drop();
    await pass(7_500, 125);
    expect(gaveUp).toEqual([]);
    await pass(1_000, 125);
    expect(gaveUp).toEqual(['refused']);
    expect(hasEnded()).toBe(true);
    expect(inner.streams).toHaveLength(9);
  });

  it('that accepts each connection and closes it at once is given up too', async () => {
    const { inner, pass, gaveUp } = await speaking(10);
    inner.newest.drop();
    for (let waitedMs = 0; waitedMs < 9_000; waitedMs += 250) {
      await pass(250, 250);
      inner.newest.drop();
      await settle();
    }
    expect(gaveUp).toEqual([expect.stringContaining('closes each connection at once')]);
  });

  it('that never answers is given up after three seconds an attempt', async () => {
    const { inner, pass } = await speaking(10, { plan: ['opens', 'hangs'] });
    inner.newest.drop();
    await pass(2_900, 100);
    expect(inner.streams).toHaveLength(2);
    await pass(400);
    expect(inner.streams).toHaveLength(3);
    expect(inner.newest.sent).toEqual(upTo(10));
    // A connection that opens later is not used, and nothing that it sends is read.
    inner.streams[1]!.openLate();
    expect(inner.streams.map(({ isHungUp }) => isHungUp)).toEqual([false, true, false]);
  });
});

describe('a stream is not replaced', () => {
  it('that closes a connection after it has asked for the next', async () => {
    const { inner, pass } = await speaking(10);
    inner.newest.reconnect();
    await pass(500);
    expect(inner.streams).toHaveLength(1);
  });

  it('that has never worked: its first failure is that of the call', async () => {
    const { inner, errors, hasEnded } = await rig({ plan: ['is refused'] });
    expect(errors).toEqual(['refused']);
    expect(inner.streams).toHaveLength(1);
    expect(hasEnded()).toBe(true);
  });

  it('of an STT that replaces its streams itself', async () => {
    const { inner, errors, hasEnded } = await speaking(10, { isReplaceable: false });
    inner.newest.drop();
    inner.newest.fail('gone');
    await settle();
    expect(inner.streams).toHaveLength(1);
    expect(errors).toEqual(['gone']);
    expect(hasEnded()).toBe(true);
  });

  it('after the end of the input', async () => {
    const { inner, stream, hasEnded } = await speaking(10);
    stream.endInput();
    inner.newest.drop();
    await settle();
    expect(inner.streams).toHaveLength(1);
    expect(hasEnded()).toBe(true);
  });

  it('after it was closed, and no timer is left', async () => {
    const { inner, stream, pass, clock } = await speaking(10, { plan: ['opens', 'hangs'] });
    inner.newest.drop();
    await settle();
    stream.close();
    await pass(100);
    expect(clock.pendingTimers).toBe(0);
    expect(inner.streams).toHaveLength(2);
  });
});

it('a stream without a connection that fails after it has worked is replaced', async () => {
  const { inner, errors, pass } = await speaking(10, { plan: ['none', 'none'] });
  inner.newest.fail('gone');
  await pass(1_500);
  expect(errors).toEqual(['gone, recovered']);
  expect(inner.streams).toHaveLength(2);
  expect(inner.newest.sent).toEqual(upTo(10));
});

it('the end of the input is passed on after the audio that is held', async () => {
  const { inner, stream, pass, hasEnded } = await speaking(10);
  inner.newest.drop();
  stream.endInput();
  await pass(500);
  expect(inner.newest.sent).toEqual(upTo(10));
  expect(hasEnded()).toBe(true);
});

it('the times of a new stream go on from those of the old one', async () => {
  const { inner, stream } = await speaking(50);
  stream.startTimeOffset = 3;
  inner.newest.drop();
  await settle();
  expect(inner.newest.startTimeOffset).toBeCloseTo(3, 1);
});
