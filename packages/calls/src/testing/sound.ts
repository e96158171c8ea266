import { seededRandom } from '@firstword/turn/statistics';

/** Test sounds with a known beginning and end, to verify the gap detector. */

const amplitude = (levelDb: number) => 32_768 * 10 ** (levelDb / 20);

/** White noise at an RMS level in dBFS. */
export function noise(options: { ms: number; levelDb: number; rateHz: number; seed?: number }): Int16Array {
  const random = seededRandom(options.seed ?? 1);
  // Uniform noise of ±a has a root mean square of a/√3.
  const peak = amplitude(options.levelDb) * Math.sqrt(3);
  return Int16Array.from({ length: Math.round((options.ms * options.rateHz) / 1000) }, () =>
    Math.round((random.uniform() * 2 - 1) * peak),
  );
}

/** A voice-like sound: harmonics of 120 Hz, amplitude-modulated at 4 Hz, audible from beginning to end. */
export function voice(options: { ms: number; levelDb: number; rateHz: number }): Int16Array {
  const { ms, levelDb, rateHz } = options;
  const peak = amplitude(levelDb);
  return Int16Array.from({ length: Math.round((ms * rateHz) / 1000) }, (_, i) => {
    const t = i / rateHz;
    const swell = 0.65 + 0.35 * Math.cos(2 * Math.PI * 4 * t);
    const tone = [1, 2, 3, 5].reduce((sum, h) => sum + Math.sin(2 * Math.PI * 120 * h * t + h) / h, 0);
    return Math.round(peak * swell * tone);
  });
}

/** Mixes `sound` into `track` at `atMs`. */
export function mix(track: Int16Array, sound: Int16Array, atMs: number, rateHz: number): void {
  const from = Math.round((atMs * rateHz) / 1000);
  for (const [i, sample] of sound.entries()) {
    if (from + i < track.length)
      track[from + i] = Math.max(-32_768, Math.min(32_767, track[from + i]! + sample));
  }
}

/** A sound with a fade-out at its end, or a fade-in at its beginning, of `dropDb` over `ms`. */
export function faded(
  sound: Int16Array,
  options: { ms: number; dropDb: number; rateHz: number; atStart?: boolean },
): Int16Array {
  const { ms, dropDb, rateHz, atStart } = options;
  const length = Math.max(1, Math.min(sound.length, (ms * rateHz) / 1000));
  return sound.map((sample, i) => {
    const fromEnd = atStart ? i : sound.length - 1 - i;
    return Math.round(sample * 10 ** ((-dropDb * Math.max(0, 1 - fromEnd / length)) / 20));
  });
}
