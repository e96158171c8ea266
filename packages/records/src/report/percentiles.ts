import { toMarkGrid } from '@firstword/turn';
import { percentile, percentileInterval, resampledRanks } from '@firstword/turn/statistics';
import type { Estimate } from './distribution.js';

/** The percentiles of a report. */
export const REPORT_PERCENTS = [50, 90, 95, 99] as const;

/** Percentiles of one set of turns. */
export interface Percentiles {
  count: number;
  p50: Estimate;
  p90: Estimate;
  p95: Estimate;
  p99: Estimate;
}

/** The value at a rank from 0, interpolated between two ranks. */
export function valueAt(sorted: Float64Array, rank: number): number {
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}

/** A percentile with its interval. No value is drawn: only ranks are (see `resampledRanks`). */
function estimateOf(sorted: Float64Array, percent: number, seed: number): Estimate {
  const valueMs = toMarkGrid(percentile(sorted, percent));
  if (sorted.length === 1) return { valueMs };
  const { low, high } = percentileInterval(resampledRanks(sorted.length, percent, { seed }));
  return { valueMs, lowMs: toMarkGrid(valueAt(sorted, low)), highMs: toMarkGrid(valueAt(sorted, high)) };
}

/**
 * Percentiles with their intervals.
 * @param sorted ascending
 * @returns `undefined` for no values
 */
export function percentilesOf(sorted: Float64Array, seed: number): Percentiles | undefined {
  if (sorted.length === 0) return undefined;
  const [p50, p90, p95, p99] = REPORT_PERCENTS.map((percent) => estimateOf(sorted, percent, seed)) as [
    Estimate,
    Estimate,
    Estimate,
    Estimate,
  ];
  return { count: sorted.length, p50, p90, p95, p99 };
}
