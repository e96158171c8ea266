import { systemClock, type TextToSpeech } from '@firstword/turn';

const RATE_HZ = 24_000;
const TONE_MS = 160;
const FRAME_MS = 20;

/** A TTS with a set time to the first byte and leading silence. Its audio is short, so that turns are short. */
export class TimedTts implements TextToSpeech {
  readonly provider = 'scripted';
  readonly model = 'tone';
  readonly voice = 'tone';
  readonly sampleRateHz = RATE_HZ;
  readonly #firstByteMs: () => number;
  readonly #silenceMs: number;

  constructor(options: { firstByteMs: () => number; silenceMs: number }) {
    this.#firstByteMs = options.firstByteMs;
    this.#silenceMs = options.silenceMs;
  }

  async ready(): Promise<void> {}

  async *synthesize(_text: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<Int16Array> {
    await new Promise<void>((resolve) => systemClock.schedule(this.#firstByteMs(), resolve));
    for (let atMs = 0; atMs < this.#silenceMs + TONE_MS && !options.signal?.aborted; atMs += FRAME_MS) {
      yield new Int16Array((RATE_HZ * FRAME_MS) / 1000).fill(atMs < this.#silenceMs ? 0 : 5000);
    }
  }

  async close(): Promise<void> {}
}
