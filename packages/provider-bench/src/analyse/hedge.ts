import { ascending } from '@firstword/turn/statistics';

/** One request to a single model: when its first content arrived, or when it failed. */
export interface RequestOutcome {
  /** From the scheduled send time, ms. */
  ms: number;
  failed: boolean;
  /** US dollars, where known. */
  costUsd?: number;
}

/** The outcomes of one model: sorted latencies, and the times of failures. */
interface Side {
  sortedMs: number[];
  failedMs: number[];
  count: number;
}

const sideOf = (outcomes: readonly RequestOutcome[]): Side => ({
  sortedMs: ascending(outcomes.filter(({ failed }) => !failed).map(({ ms }) => ms)),
  failedMs: outcomes.filter(({ failed }) => failed).map(({ ms }) => ms),
  count: outcomes.length,
});

/** The number of sorted values above `ms`, by binary search. */
function above(sorted: readonly number[], ms: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! <= ms) from = middle + 1;
    else to = middle;
  }
  return sorted.length - from;
}

/** Share of a model's requests that have no content `ms` after they were sent. */
const silentAt = (side: Side, ms: number) =>
  ms < 0 ? 1 : (above(side.sortedMs, ms) + side.failedMs.length) / side.count;

/**
 * Share of callers still waiting at `ms`. The backup is requested `delayMs` after the primary, or at once when the
 * primary fails, and the first content wins: P(T > t) = P(X > t) · P(Y > t − d). Summed over all pairs of samples, so the
 * result involves no randomness.
 */
function waitingAt(primary: Side, backup: Side, delayMs: number, ms: number): number {
  const slow = above(primary.sortedMs, ms) * silentAt(backup, ms - delayMs);
  const failed = primary.failedMs.map((failedMs) => silentAt(backup, ms - Math.min(failedMs, delayMs)));
  return failed.reduce((sum, share) => sum + share, slow) / primary.count;
}

/** Precision of the quantile search, ms; finer than the clock. */
const STEP_MS = 1e-3;

/** The first time at which at most a share `1 − quantile` is still waiting; `undefined` where that never happens. */
function quantileOf(waiting: (ms: number) => number, quantile: number, mostMs: number): number | undefined {
  const share = 1 - quantile + 1e-12;
  if (waiting(mostMs) > share) return undefined;
  let [low, high] = [0, mostMs];
  while (high - low > STEP_MS) {
    const middle = (low + high) / 2;
    if (waiting(middle) <= share) high = middle;
    else low = middle;
  }
  return high;
}

/** Percentiles of the time to first content, ms. A percentile that falls among failed requests is absent. */
export interface WaitPercentiles {
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  /** Share of requests without an answer, 0 to 1. */
  failedShare: number;
}

function waitPercentiles(waiting: (ms: number) => number, mostMs: number): WaitPercentiles {
  const at = (key: 'p50Ms' | 'p95Ms' | 'p99Ms', quantile: number) => {
    const ms = quantileOf(waiting, quantile, mostMs);
    return ms === undefined ? {} : { [key]: ms };
  };
  return {
    ...at('p50Ms', 0.5),
    ...at('p95Ms', 0.95),
    ...at('p99Ms', 0.99),
    failedShare: waiting(Number.MAX_VALUE),
  };
}

const longest = (side: Side) => Math.max(0, side.sortedMs.at(-1) ?? 0);

/** The latency of one model without a hedge, computed as `simulateHedge` does for two. */
export function withoutHedge(outcomes: readonly RequestOutcome[]): WaitPercentiles {
  const side = sideOf(outcomes);
  return waitPercentiles((ms) => silentAt(side, ms), longest(side));
}

/** The latency with a hedge, and its cost. */
export interface HedgeResult extends WaitPercentiles {
  delayMs: number;
  /** Additional requests (hedges and failovers) per request, 0 to 1. */
  extraShare: number;
  /** Cost of the additional requests, US dollars per 1,000 requests; absent where the backup's price is not known. */
  extraUsdPerThousand?: number;
}

const meanCostUsd = (outcomes: readonly RequestOutcome[]) => {
  const known = outcomes.flatMap(({ costUsd }) => costUsd ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, usd) => sum + usd, 0) / known.length;
};

/**
 * The latency that a router would have had if it requested `backup` whenever `primary` had no content after `delayMs`.
 * Assumes that the two latencies are independent, and that the losing request is billed in full.
 */
export function simulateHedge(
  primary: readonly RequestOutcome[],
  backup: readonly RequestOutcome[],
  options: { delayMs: number },
): HedgeResult {
  const { delayMs } = options;
  const [first, second] = [sideOf(primary), sideOf(backup)];
  const mostMs = Math.max(longest(first), ...first.failedMs, delayMs) + longest(second);
  const extraShare = silentAt(first, delayMs);
  const usd = meanCostUsd(backup);
  return {
    delayMs,
    ...waitPercentiles((ms) => waitingAt(first, second, delayMs, ms), mostMs),
    extraShare,
    ...(usd === undefined ? {} : { extraUsdPerThousand: 1000 * extraShare * usd }),
  };
}
