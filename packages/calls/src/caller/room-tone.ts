import { seededRandom } from '@firstword/turn/statistics';

/** About -64 dB of full scale: a quiet room. Digital silence ruins LiveKit's end-of-turn model. */
const QUIET_RMS = 22;
/** One-pole low pass: rooms hum more than they hiss. */
const SMOOTHING = 0.7;
/** What the low pass leaves of uniform noise of ±1: √(1/3 · (1 − s)/(1 + s)). */
const RMS_OF_PEAK = Math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING) / 3);

/**
 * An endless room: each call gives the next samples. The same seed is the same room.
 * @param rms root mean square of its sound, 16-bit; a quiet room unless told
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

/** The room in which speech stands so many dB above the noise; never quieter than a quiet room. */
export function noisyRoomRms(speech: readonly Int16Array[], snrDb: number): number {
  const samples = speech.reduce((sum, clip) => sum + clip.length, 0);
  const squares = speech.reduce((sum, clip) => clip.reduce((s, sample) => s + sample * sample, sum), 0);
  const speechRms = Math.sqrt(squares / Math.max(1, samples));
  return Math.max(QUIET_RMS, speechRms / 10 ** (snrDb / 20));
}
