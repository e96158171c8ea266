import { ascending, percentile } from '@firstword/turn/statistics';
import { type ArmDifference, differenceAt } from './difference.js';

/** The latency of one request and its scheduled time in the run, ms. */
export interface TimedMs {
  scheduledMs: number;
  ms: number;
}

/** One time slice of the run, with its percentiles. */
export interface DriftSlice {
  fromMs: number;
  toMs: number;
  count: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** How the latency of one arm developed over the run. */
export interface Drift {
  slices: DriftSlice[];
  /** The last third against the first, at p50. The intervals assume that all requests are alike; this tests it. */
  lastThird?: ArmDifference;
}

const MOST_SLICES = 12;
/** Requests per slice: fewer say little about a p95. */
const PER_SLICE = 10;

function sliceOf(times: readonly TimedMs[], fromMs: number, toMs: number, last: boolean): DriftSlice {
  const within = times.filter(
    ({ scheduledMs }) => scheduledMs >= fromMs && (scheduledMs < toMs || (last && scheduledMs <= toMs)),
  );
  const sorted = ascending(within.map(({ ms }) => ms));
  const figures = sorted.length === 0 ? {} : { p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
  return { fromMs, toMs, count: sorted.length, ...figures };
}

/**
 * Latency of one arm over the run, in up to 12 slices, with a test for drift.
 * @param options.comparisons number of arms tested together
 */
export function driftOf(times: readonly TimedMs[], options: { comparisons: number }): Drift {
  if (times.length === 0) return { slices: [] };
  const ordered = [...times].sort((a, b) => a.scheduledMs - b.scheduledMs);
  const [fromMs, endMs] = [ordered[0]!.scheduledMs, ordered.at(-1)!.scheduledMs];
  const count = Math.max(1, Math.min(MOST_SLICES, Math.floor(ordered.length / PER_SLICE)));
  const at = (slice: number) => fromMs + ((endMs - fromMs) * slice) / count;
  const slices = Array.from({ length: count }, (_, i) => sliceOf(ordered, at(i), at(i + 1), i === count - 1));
  const third = Math.floor(ordered.length / 3);
  const msOf = (some: readonly TimedMs[]) => some.map(({ ms }) => ms);
  const lastThird = differenceAt(msOf(ordered.slice(0, third)), msOf(ordered.slice(-third || undefined)), {
    percent: 50,
    comparisons: options.comparisons,
  });
  return { slices, ...(third > 0 && lastThird ? { lastThird } : {}) };
}
