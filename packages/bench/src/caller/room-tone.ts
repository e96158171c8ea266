import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** About -66 dB of full scale: a quiet room. Digital silence ruins LiveKit's end-of-turn model. */
const PEAK = 90;
/** One-pole low pass: rooms hum more than they hiss. */
const SMOOTHING = 0.7;

/** An endless quiet room: each call gives the next samples. The same seed is the same room. */
export function roomTone(seed: number): (samples: number) => Int16Array {
  const random = xoroshiro128plus(seed);
  let level = 0;
  return (samples) =>
    Int16Array.from({ length: samples }, () => {
      level = SMOOTHING * level + (1 - SMOOTHING) * (uniformFloat64(random) * 2 - 1) * PEAK;
      return Math.round(level);
    });
}
