import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded source of numbers. Two with the same seed and labels give the same sequence. */
export interface Random {
  /** Uniform in (0, 1): never 0, never 1. */
  uniform(): number;
  /** Uniform whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
}

/** A 32-bit FNV-1a hash: stable across runs and machines. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A source of numbers, xoroshiro128+. Without labels it is seeded with the number itself. With labels it is seeded with
 * a hash of the number and the labels: give each purpose a label of its own, so that one more draw for one purpose does
 * not shift the sequence of another.
 */
export function seededRandom(seed: number, ...labels: string[]): Random {
  const start = labels.length === 0 ? seed : hash32([seed, ...labels].join('\u0000')) | 0;
  const generator = xoroshiro128plus(start);
  return {
    uniform: () => Math.max(Number.MIN_VALUE, uniformFloat64(generator)),
    integer: (from, to) => uniformInt(generator, from, to),
  };
}

/** One draw from the standard normal distribution (Box and Muller, 1958). It takes two uniform numbers. */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** One of several values, at least one, each as likely as the others. */
export function oneOf<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random.uniform() * values.length)]!;
}

/** The same items in a random order, in a new array (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = random.integer(0, last);
    [order[at], order[last]] = [order[last]!, order[at]!];
  }
  return order;
}
