import type { Estimate, Percentiles } from '@firstword/records';
import { ascending, percentile } from '@firstword/turn/statistics';
import { quantileRanks } from './binomial.js';

/** Percentiles that are reported. */
export const PERCENTS = [50, 90, 95, 99] as const;
/** One of them. */
export type Percent = (typeof PERCENTS)[number];

/** The four percentiles of an arm are read together, so their intervals hold together: each may fail a fourth as often. */
const TAIL = 0.05 / PERCENTS.length / 2;

/** How the figures are computed, as text for readers. */
export const ESTIMATOR =
  'Percentiles interpolate between two samples (type 7 of Hyndman and Fan). Intervals run from one sample to another ' +
  '(binomial, for any distribution): in at least 95 of 100 runs all four of an arm hold the true values. An interval ' +
  'without an upper end is open: that many samples cannot tell.';

/** Fewest samples that give a percentile's interval an upper end: 99 for p95, 505 for p99. */
export function samplesToClose(percent: Percent): number {
  return Math.ceil(Math.log(TAIL) / Math.log(percent / 100));
}

/**
 * One percentile and the interval that it lies in, from values in ascending order. An end that so few values cannot
 * tell is left out.
 */
export function estimateOf(sorted: readonly number[], percent: Percent): Estimate {
  const { low, high } = quantileRanks(sorted.length, percent / 100, TAIL);
  return {
    valueMs: percentile(sorted, percent),
    ...(low === undefined ? {} : { lowMs: sorted[low]! }),
    ...(high === undefined ? {} : { highMs: sorted[high]! }),
  };
}

/** @returns `undefined` for no values */
export function percentilesOf(valuesMs: readonly number[]): Percentiles | undefined {
  if (valuesMs.length === 0) return undefined;
  const sorted = ascending(valuesMs);
  const [p50, p90, p95, p99] = PERCENTS.map((percent) => estimateOf(sorted, percent)) as [
    Estimate,
    Estimate,
    Estimate,
    Estimate,
  ];
  return { count: sorted.length, p50, p90, p95, p99 };
}
