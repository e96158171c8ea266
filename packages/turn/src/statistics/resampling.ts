import { type BootstrapOptions, RESAMPLES } from './interval.js';
import { type Random, seededRandom, standardNormal } from './random.js';

/** Gamma with scale 1, for a shape of at least 1 (Marsaglia and Tsang, ACM TOMS 26(3), 2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta, for parameters of at least 1. */
function beta(a: number, b: number, random: Random): number {
  const x = gamma(a, random);
  return x / (x + gamma(b, random));
}

/**
 * Where a percentile of a bootstrap resample lies among the sorted values it was drawn from, as ranks from 0 to n − 1,
 * once for every resample. No value is drawn: the k-th smallest of n draws from n values is the value at rank ⌈n·U⌉,
 * where U, the k-th smallest of n uniform numbers, has the distribution Beta(k, n − k + 1). The result is distributed as
 * a resample's percentile is, at a cost that does not grow with n.
 * @param count n, at least 1
 * @param percent 0 to 100
 */
export function resampledRanks(count: number, percent: number, options: BootstrapOptions = {}): number[] {
  const random = seededRandom(options.seed ?? 1);
  const rank = (count - 1) * (percent / 100);
  const k = Math.floor(rank) + 1;
  const weight = rank - Math.floor(rank);
  const rankOf = (u: number) => Math.min(count, Math.max(1, Math.ceil(count * u))) - 1;
  return Array.from({ length: options.resamples ?? RESAMPLES }, () => {
    const lower = beta(k, count - k + 1, random);
    if (k === count) return rankOf(lower);
    // The next of the n uniform numbers is the smallest of the n − k above this one.
    const upper = lower + (1 - lower) * beta(1, count - k, random);
    return (1 - weight) * rankOf(lower) + weight * rankOf(upper);
  });
}
