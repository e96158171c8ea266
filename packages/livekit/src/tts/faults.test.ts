import { ManualClock } from '@firstword/turn';
import { APIConnectionError, initializeLogger, tts } from '@livekit/agents';
import { beforeAll, describe, expect, it } from 'vitest';
import { ScriptedTTS, SPOKEN, type TTSStep, tone } from '../testing/scripted-tts.js';
import { ClauseTTS } from './clause-tts.js';

const conn = { maxRetry: 1, retryIntervalMs: 0, timeoutMs: 5000 };
const settle = () => new Promise((resolve) => setImmediate(resolve));
const gone = new APIConnectionError({ message: 'gone' });

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** A TTS that fails by its script, and the outcome of one answer through it. */
function rig(streaming: boolean, script: (text: string, nth: number) => TTSStep[]) {
  const clock = new ManualClock();
  const inner = new ScriptedTTS(streaming, script);
  const clauseTts = new ClauseTTS(inner, { clock });
  const errors: string[] = [];
  clauseTts.on('error', ({ error }) => errors.push(error.message));
  const stream = clauseTts.stream({ connOptions: conn });
  let samples = 0;
  const ended = (async () => {
    for await (const event of stream) {
      if (event !== tts.SynthesizeStream.END_OF_STREAM) samples += event.frame.samplesPerChannel;
    }
  })();
  const say = (text: string) => {
    stream.pushText(text);
    stream.endInput();
  };
  return { clock, inner, clauseTts, stream, errors, say, ended, heardMs: () => samples / 24 };
}

describe.each([
  { streaming: true, kind: 'streaming' },
  { streaming: false, kind: 'non-streaming' },
])('a $kind TTS that', ({ streaming }) => {
  /** The first request of an answer to a TTS that streams is given up sooner. */
  const stallMs = streaming ? 3_000 : conn.timeoutMs;

  it('fails before its first byte is retried', async () => {
    const { say, ended, heardMs, errors } = rig(streaming, (_, nth) => (nth === 0 ? [gone] : SPOKEN));
    say('Sure.');
    await ended;
    expect(heardMs()).toBeCloseTo(310);
    expect(errors).toEqual([]);
  });

  it('fails after pure silence is retried, because nothing was audible', async () => {
    const { say, ended, heardMs, errors } = rig(streaming, (_, nth) =>
      nth === 0 ? [tone(100, 0), gone] : SPOKEN,
    );
    say('Sure.');
    await ended;
    expect(heardMs()).toBeCloseTo(310);
    expect(errors).toEqual([]);
  });

  it('always fails is reported once, as not recoverable', async () => {
    const { say, ended, inner, errors } = rig(streaming, () => [gone]);
    say('Sure.');
    await ended;
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(errors).toHaveLength(1);
  });

  it('stalls in the middle is abandoned, and audio that was played is not repeated', async () => {
    const { say, ended, inner, errors, clock, heardMs } = rig(streaming, () => [tone(300), 'stall']);
    say('Sure.');
    await inner.asked(1);
    await settle();
    clock.advance(stallMs);
    await ended;
    expect(heardMs()).toBeGreaterThan(250);
    expect(inner.said).toEqual(['Sure.']);
    expect(errors).toEqual([expect.stringMatching(`in the middle of an answer.*${stallMs} ms`)]);
    await inner.idle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('delivers slowly does not time out while audio keeps arriving within the timeout', async () => {
    const gates = [0, 1, 2].map(() => {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { open, opened };
    });
    const steps = gates.flatMap(({ opened }) => [opened, tone(100)]);
    const { say, ended, inner, errors, clock, heardMs } = rig(streaming, () => steps);
    say('Sure.');
    await inner.asked(1);
    for (const { open } of gates) {
      clock.advance(stallMs - 1);
      open();
      for (let i = 0; i < 10; i++) await settle();
    }
    await ended;
    expect(heardMs()).toBeCloseTo(300);
    expect(errors).toEqual([]);
  });

  it('returns silence is retried, then reported', async () => {
    const { say, ended, inner, heardMs, errors } = rig(streaming, () => [tone(300, 0)]);
    say('Sure. We are open.');
    await ended;
    expect(inner.said.filter((text) => text === 'Sure.')).toHaveLength(2);
    expect(heardMs()).toBeLessThanOrEqual(40);
    expect(errors).toEqual([expect.stringMatching(/only silence|after 2 attempts/)]);
  });

  it('returns silence once is audible after a retry', async () => {
    const { say, ended, heardMs, errors } = rig(streaming, (_, nth) => (nth === 0 ? [tone(300, 0)] : SPOKEN));
    say('Sure.');
    await ended;
    expect(heardMs()).toBeGreaterThanOrEqual(300);
    expect(errors).toEqual([]);
  });

  it('returns nothing is retried, then reported', async () => {
    const { say, ended, inner, errors } = rig(streaming, () => []);
    say('Sure.');
    await ended;
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(errors).toEqual([expect.stringMatching(/no audio|after 2 attempts/)]);
  });

  it('is slow to cancel is abandoned: none of its audio is played, and the next answer is', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { clauseTts, stream, ended, inner, errors } = rig(streaming, (text) =>
      text === 'Sure.' ? [slow, tone(500)] : SPOKEN,
    );
    stream.pushText('Sure. ');
    await inner.asked(1);
    stream.close();
    await ended;
    const next = clauseTts.stream({ connOptions: conn });
    next.pushText('Next.');
    next.endInput();
    let samples = 0;
    for await (const event of next) {
      if (event !== tts.SynthesizeStream.END_OF_STREAM) samples += event.frame.samplesPerChannel;
    }
    release();
    await inner.idle();
    await settle();
    expect(samples / 24).toBeCloseTo(310);
    expect(errors).toEqual([]);
  });

  it('throws when it is stopped is stopped anyway', async () => {
    const { stream, ended, inner, errors, clock } = rig(streaming, () => [tone(100), 'stall']);
    const open = streaming ? inner.stream.bind(inner) : inner.synthesize.bind(inner);
    const broken = (...args: unknown[]) => {
      const made = (open as (...given: unknown[]) => tts.SynthesizeStream | tts.ChunkedStream)(...args);
      const close = made.close.bind(made);
      made.close = () => {
        close();
        throw new Error('already closed');
      };
      return made;
    };
    Object.assign(inner, streaming ? { stream: broken } : { synthesize: broken });
    stream.pushText('Sure. And');
    await inner.asked(1);
    stream.close();
    await ended;
    await inner.idle();
    expect(errors).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails to close is released', async () => {
    const { clauseTts, inner } = rig(streaming, () => SPOKEN);
    inner.close = async () => {
      throw new Error('no socket');
    };
    await expect(clauseTts.close()).rejects.toThrow('no socket');
    expect(inner.listenerCount('error')).toBe(0);
  });
});

describe('the first request of an answer to a streaming TTS', () => {
  it('that is lost is made again after 3 s', async () => {
    const { say, ended, inner, errors, clock, heardMs } = rig(true, (_, nth) =>
      nth === 0 ? ['stall'] : SPOKEN,
    );
    say('Sure.');
    await inner.asked(1);
    await settle();
    clock.advance(3_000);
    await ended;
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(heardMs()).toBeCloseTo(310);
    expect(errors).toEqual([]);
  });

  it('is given the whole timeout if the TTS turns out to be slow', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { say, ended, inner, clauseTts, clock, heardMs } = rig(true, (_, nth) =>
      nth === 0 ? ['stall'] : [slow, tone(300)],
    );
    say('Sure.');
    await inner.asked(1);
    await settle();
    clock.advance(3_000);
    await inner.asked(2);
    for (let i = 0; i < 10; i++) await settle();
    expect(clauseTts.stallMs(conn, 1)).toBe(3_000);
    clock.advance(3_500);
    release();
    await ended;
    expect(heardMs()).toBeCloseTo(300);
    expect(clauseTts.stallMs(conn, 1)).toBe(conn.timeoutMs);
  });

  it('that brings 2 s of silence is made again at once', async () => {
    const { say, ended, inner, heardMs, errors } = rig(true, (_, nth) =>
      nth === 0 ? [...Array(25).fill(tone(100, 0)), 'stall'] : SPOKEN,
    );
    say('Sure.');
    await ended;
    expect(inner.said).toEqual(['Sure.', 'Sure.']);
    expect(heardMs()).toBeCloseTo(310);
    expect(errors).toEqual([]);
  });
});
