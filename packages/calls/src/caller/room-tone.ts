import { seededRandom } from '@firstword/turn/statistics';

/** About −64 dBFS: a quiet room. With digital silence LiveKit's end-of-turn model does not work. */
const QUIET_RMS = 22;
/** Coefficient of a one-pole low pass: room noise is stronger at low frequencies. */
const SMOOTHING = 0.7;
/** RMS of uniform noise of ±1 after the low pass: √(1/3 · (1 − s)/(1 + s)). */
const RMS_OF_PEAK = Math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING) / 3);

/**
 * A generator of room noise at 16 bit: each call returns the next samples. The same seed gives the same noise.
 * @param rms its RMS level; default 22, a quiet room
 */
export function roomTone(seed: number, rms: number = QUIET_RMS): (samples: number) => Int16Array {
  const random = seededRandom(seed);
  const peak = rms / RMS_OF_PEAK;
  let level = 0;
  return (samples) =>
    Int16Array.from({ length: samples }, () => {
      level = SMOOTHING * level + (1 - SMOOTHING) * (random.uniform() * 2 - 1) * peak;
      return Math.round(level);
    });
}

/** The RMS level of room noise for a signal-to-noise ratio in dB; never below a quiet room. */
export function noisyRoomRms(speech: readonly Int16Array[], snrDb: number): number {
  const samples = speech.reduce((sum, clip) => sum + clip.length, 0);
  const squares = speech.reduce((sum, clip) => clip.reduce((s, sample) => s + sample * sample, sum), 0);
  const speechRms = Math.sqrt(squares / Math.max(1, samples));
  return Math.max(QUIET_RMS, speechRms / 10 ** (snrDb / 20));
}
