import { ascending, percentile } from './percentile.js';
import { seededRandom } from './random.js';

/**
 * How bootstrap intervals are computed, everywhere in this repository: 1000 seeded resamples, the percentile method
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13), 95 %.
 *
 * `RESAMPLES` puts 25 of the 1000 resampled statistics beyond either end of a 95 % interval. A resample costs as many
 * draws as there are values, so that of many values fewer resamples are drawn: see `resamplesOf`.
 */
export const RESAMPLES = 1000;

/** Resamples for an interval well above 95 %, as needed where many comparisons must hold together (Bonferroni). */
export const FAR_TAIL_RESAMPLES = 4000;

/** Resamples of a statistic that takes milliseconds to compute: five beyond either end of a 95 % interval. */
export const COSTLY_RESAMPLES = 200;

/** Values that all resamples of one statistic may draw together. */
const MAX_DRAWN_VALUES = 4_000_000;

/** With fewer, even the smallest and the largest resampled statistic enclose less than 95 %. */
const MIN_RESAMPLES = 40;

/** Percent of the resampled statistics that lie beyond either end of a 95 % interval. */
const TAIL_PERCENT = 2.5;

/** Resamples of `count` values: `RESAMPLES` for up to 4000 values, fewer for more, and never under 40. */
export function resamplesOf(count: number): number {
  return Math.min(RESAMPLES, Math.max(MIN_RESAMPLES, Math.ceil(MAX_DRAWN_VALUES / count)));
}

/** A confidence interval, 95 % unless its user states another level. In the unit of the statistic. */
export interface Interval {
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/** Options of a bootstrap. */
export interface BootstrapOptions {
  /** The same seed gives the same interval. Default 1. */
  seed?: number;
  /** How many resamples are drawn. Default `RESAMPLES`, fewer where very many values are drawn: `resamplesOf`. */
  resamples?: number;
}

/**
 * The interval between two percentiles of the resampled statistics (percentile method).
 * @param resampled the statistic of every resample, in any order, at least one
 * @param tailPercent percent of them beyond either end; default 2.5, which gives a 95 % interval
 */
export function percentileInterval(
  resampled: Iterable<number>,
  tailPercent: number = TAIL_PERCENT,
): Interval {
  const sorted = ascending(resampled);
  return { low: percentile(sorted, tailPercent), high: percentile(sorted, 100 - tailPercent) };
}

/**
 * The seeded 95 % bootstrap interval of a statistic. Items that share a key are drawn together (cluster bootstrap),
 * because they depend on each other: a second recording of the same line adds less information than another line does.
 * @returns `undefined` for fewer than two keys: they do not show how far keys differ
 */
export function intervalOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  statistic: (drawn: readonly T[]) => number,
  options: BootstrapOptions = {},
): Interval | undefined {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  if (groups.size < 2) return undefined;
  const clusters = [...groups.values()];
  const random = seededRandom(options.seed ?? 1);
  const resampled = Array.from({ length: options.resamples ?? resamplesOf(items.length) }, () =>
    statistic(clusters.flatMap(() => clusters[random.integer(0, clusters.length - 1)]!)),
  );
  return percentileInterval(resampled);
}
