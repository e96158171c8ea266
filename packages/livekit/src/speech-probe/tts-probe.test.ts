import { EventEmitter } from 'node:events';
import { ManualClock } from '@firstword/turn';
import { APIConnectionError, type tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { ttsProbe } from './tts-probe.js';

const RATE_HZ = 16_000;

/** Gives one frame after the other, each so many ms after the one before. */
class ScriptedTts extends EventEmitter {
  readonly said: string[] = [];
  readonly #clock: ManualClock;
  readonly #frames: readonly { afterMs: number; silentMs: number; soundMs: number }[];

  constructor(clock: ManualClock, frames: ScriptedTts['frames']) {
    super();
    this.#clock = clock;
    this.#frames = frames;
  }

  get frames() {
    return this.#frames;
  }

  prewarm = () => {};
  close = async () => {};

  stream() {
    const [clock, frames] = [this.#clock, this.#frames];
    return {
      pushText: (text: string) => this.said.push(text),
      endInput: () => {},
      close: () => {},
      async *[Symbol.asyncIterator]() {
        for (const { afterMs, silentMs, soundMs } of frames) {
          clock.advance(afterMs);
          const silent = (silentMs * RATE_HZ) / 1000;
          const samples = new Int16Array(silent + (soundMs * RATE_HZ) / 1000).fill(5000, silent);
          yield { frame: new AudioFrame(samples, RATE_HZ, 1, samples.length) };
        }
      },
    };
  }
}

function opened(frames: ScriptedTts['frames']) {
  const clock = new ManualClock({ nowMs: 1000 });
  const engine = new ScriptedTts(clock, frames);
  const options = { name: 'acme/one', text: 'Good evening.', clock, timeoutMs: 2000 };
  const probe = ttsProbe({ ...options, engine: engine as unknown as tts.TTS });
  return { engine, probe, signal: new AbortController().signal };
}

it('times the first audio and the first audible sample', async () => {
  const { engine, probe, signal } = opened([
    { afterMs: 180, silentMs: 50, soundMs: 0 },
    { afterMs: 10, silentMs: 20, soundMs: 30 },
    { afterMs: 10, silentMs: 0, soundMs: 100 },
  ]);
  // Played as it comes: 50 and 20 ms of silence after the first audio, although the sound had come before.
  expect(await probe.measure({ signal })).toEqual({
    kind: 'tts',
    startedMs: 1000,
    lateMs: 0,
    endedMs: 1200,
    billed: 13,
    firstByteMs: 180,
    firstAudibleMs: 250,
    audioMs: 200,
    events: [
      { kind: 'audio', atMs: 180 },
      { kind: 'audio', atMs: 190 },
      { kind: 'audio', atMs: 200 },
    ],
  });
  expect(engine.said).toEqual(['Good evening.']);
  await probe.close();
});

it('counts to the arrival of a sound that comes late', async () => {
  const { probe, signal } = opened([
    { afterMs: 100, silentMs: 20, soundMs: 0 },
    { afterMs: 300, silentMs: 0, soundMs: 20 },
  ]);
  expect(await probe.measure({ signal })).toMatchObject({ firstByteMs: 100, firstAudibleMs: 400 });
});

it('reports an answer without sound', async () => {
  const { probe, signal } = opened([{ afterMs: 100, silentMs: 200, soundMs: 0 }]);
  const measured = await probe.measure({ signal });
  expect(measured.error).toMatchObject({ code: 'bad_stream' });
  expect(measured).toMatchObject({ firstByteMs: 100 });
});

it('reports the error of the engine', async () => {
  const { engine, probe, signal } = opened([]);
  const measuring = probe.measure({ signal });
  engine.emit('error', { error: new APIConnectionError({ message: 'gone' }) });
  expect((await measuring).error).toMatchObject({ code: 'connect_failed', retryable: true });
});
