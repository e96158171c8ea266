import { type Clock, FirstwordError, type TextToSpeech } from '@firstword/turn';

/** Timing of an emulated TTS. */
export interface TtsTiming {
  /** From the request to the first audio, ms. */
  firstByteMs: number;
  /** Synthesis speed as a multiple of real time. */
  speed: number;
}

/** Default timing, typical of what providers of hosted TTS state. */
export const TTS_TIMING: TtsTiming = { firstByteMs: 100, speed: 5 };

const RATE_HZ = 24_000;
const FRAME_MS = 20;
const MS_PER_CHARACTER = 60;

/** A tone whose volume varies like syllables, loud enough for speech detection. */
function syllables(fromMs: number): Int16Array {
  return Int16Array.from({ length: (RATE_HZ * FRAME_MS) / 1000 }, (_, i) => {
    const seconds = fromMs / 1000 + i / RATE_HZ;
    const swell = 0.6 - 0.4 * Math.cos(2 * Math.PI * 4 * seconds);
    return Math.round(9000 * swell * Math.sin(2 * Math.PI * 180 * seconds));
  });
}

/** Text-to-speech with almost no CPU cost and the timing of a hosted service. */
export function emulatedTts(options: { clock: Clock; times?: TtsTiming }): TextToSpeech {
  const { clock, times = TTS_TIMING } = options;
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        cancel();
        reject(new FirstwordError('aborted', 'the synthesis was stopped'));
      };
      const cancel = clock.schedule(ms, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
    });
  return {
    provider: 'emulated',
    model: 'syllables',
    voice: 'tone',
    sampleRateHz: RATE_HZ,
    ready: () => Promise.resolve(),
    async *synthesize(text, { signal } = {}) {
      const startedMs = clock.nowMs();
      for (let atMs = 0; atMs < text.length * MS_PER_CHARACTER; atMs += FRAME_MS) {
        const dueMs = startedMs + times.firstByteMs + atMs / times.speed;
        if (dueMs > clock.nowMs()) await wait(dueMs - clock.nowMs(), signal);
        yield syllables(atMs);
      }
    },
    close: () => Promise.resolve(),
  };
}
