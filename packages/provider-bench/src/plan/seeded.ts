import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers that are the same for the same seed. */
export interface Seeded {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** The same items in a random order. */
  shuffled<T>(items: readonly T[]): T[];
}

export function seeded(seed: number): Seeded {
  const generator = xoroshiro128plus(seed);
  return {
    uniform: () => uniformFloat64(generator),
    shuffled(items) {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const at = uniformInt(generator, 0, last);
        [order[at], order[last]] = [order[last]!, order[at]!];
      }
      return order;
    },
  };
}
