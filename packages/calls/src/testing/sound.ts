import { seededRandom } from '@firstword/turn/statistics';
import { mixInto } from '../caller/mix-into.js';

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

/** Formants of four vowels, Hz: a voice glides from one to the next. */
const VOWELS = [
  [700, 1200, 2600],
  [400, 2000, 2700],
  [500, 900, 2500],
  [300, 2300, 3000],
] as const;
const VOWELS_PER_S = 4;
const HARMONICS = 28;
/** The vowel changes slowly: it is computed at this rate, and interpolated. */
const VOWEL_RATE_HZ = 250;

/** Strength of a tone in the vowel at a moment, s. */
function inVowel(hz: number, atS: number): number {
  const place = atS * VOWELS_PER_S;
  const [from, to] = [0, 1].map((next) => VOWELS[(Math.floor(place) + next) % VOWELS.length]!);
  const glide = (1 - Math.cos(Math.PI * Math.max(0, 2 * (place % 1) - 1))) / 2;
  return from!.reduce((sum, formant, i) => {
    const centre = formant + (to![i]! - formant) * glide;
    return sum + 1 / (i + 1) / (1 + ((hz - centre) / (80 + 40 * i)) ** 2);
  }, 0.02);
}

/** The pitch wavers around 120 Hz; `phase` is its integral, so that a voice is the same sound at every sample rate. */
const pitchHz = (atS: number) => 120 * (1 + 0.12 * Math.sin(2 * Math.PI * 0.7 * atS));
const phase = (atS: number) =>
  120 * (2 * Math.PI * atS + (0.12 / 0.7) * (1 - Math.cos(2 * Math.PI * 0.7 * atS)));

/** Voices made so far, at full scale, by sample rate: every voice is the beginning of a longer one. */
const made = new Map<number, Float64Array>();

function voiceAtFullScale(length: number, rateHz: number): Float64Array {
  const known = made.get(rateHz);
  if (known && known.length >= length) return known.subarray(0, length);
  const sound = new Float64Array(Math.max(length, 2 * rateHz));
  const steps = Math.ceil((sound.length / rateHz) * VOWEL_RATE_HZ) + 2;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic += 1) {
    const strengths = Float64Array.from({ length: steps }, (_, i) =>
      inVowel(harmonic * pitchHz(i / VOWEL_RATE_HZ), i / VOWEL_RATE_HZ),
    );
    for (let i = 0; i < sound.length; i += 1) {
      const at = (i / rateHz) * VOWEL_RATE_HZ;
      const step = Math.floor(at);
      const strength = strengths[step]! + (strengths[step + 1]! - strengths[step]!) * (at - step);
      sound[i]! += strength * Math.sin(harmonic * phase(i / rateHz) + harmonic);
    }
  }
  for (let i = 0; i < sound.length; i += 1)
    sound[i]! *= 0.65 + 0.35 * Math.cos((2 * Math.PI * 4 * i) / rateHz);
  made.set(rateHz, sound);
  return sound.subarray(0, length);
}

/**
 * A sound that a VAD takes for a voice: harmonics of a wavering pitch in gliding vowels, four syllables a second, audible
 * from its first sample to its last.
 */
export function voice(options: { ms: number; levelDb: number; rateHz: number }): Int16Array {
  const { ms, levelDb, rateHz } = options;
  const peak = amplitude(levelDb);
  return Int16Array.from(voiceAtFullScale(Math.round((ms * rateHz) / 1000), rateHz), (value) =>
    Math.max(-32_768, Math.min(32_767, Math.round(peak * value))),
  );
}

/** Mixes `sound` into `track` at `atMs`. */
export function mix(track: Int16Array, sound: Int16Array, atMs: number, rateHz: number): void {
  mixInto(track, sound, Math.round((atMs * rateHz) / 1000));
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
