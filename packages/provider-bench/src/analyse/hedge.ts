import { ascending } from '@firstword/turn/statistics';

/** One request to a model on its own: when its first content came, or when it failed. */
export interface RequestOutcome {
  /** ms from the moment at which the caller began to wait. */
  ms: number;
  failed: boolean;
  /** US dollars, where known. */
  costUsd?: number;
}

/** Sorted times, and what failed. */
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

/** How many of the sorted values lie above `ms`. */
function above(sorted: readonly number[], ms: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! <= ms) from = middle + 1;
    else to = middle;
  }
  return sorted.length - from;
}

/** Share of a side's requests that have no content `ms` after they were sent. */
const silentAt = (side: Side, ms: number) =>
  ms < 0 ? 1 : (above(side.sortedMs, ms) + side.failedMs.length) / side.count;

/**
 * Share of the callers who still wait at `ms`. The backup is asked `delayMs` after the primary, or at once when the
 * primary fails, and whoever speaks first is heard: P(T > t) = P(X > t) · P(Y > t − d). Summed over all pairs of
 * samples, so nothing is drawn at random.
 */
function waitingAt(primary: Side, backup: Side, delayMs: number, ms: number): number {
  const slow = above(primary.sortedMs, ms) * silentAt(backup, ms - delayMs);
  const failed = primary.failedMs.map((failedMs) => silentAt(backup, ms - Math.min(failedMs, delayMs)));
  return failed.reduce((sum, share) => sum + share, slow) / primary.count;
}

/** Finer than any clock here, ms. */
const STEP_MS = 1e-3;

/** The first moment at which at most a share `1 − quantile` still waits; `undefined` where that never comes. */
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

/** When a caller hears the first content; a percentile that lies among requests that failed is left out. */
export interface WaitPercentiles {
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  /** Share of requests that nobody answers. */
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

/** A model on its own, measured as `hedged` measures two. */
export function withoutHedge(outcomes: readonly RequestOutcome[]): WaitPercentiles {
  const side = sideOf(outcomes);
  return waitPercentiles((ms) => silentAt(side, ms), longest(side));
}

export interface HedgeResult extends WaitPercentiles {
  delayMs: number;
  /** Requests beyond one each, as a share: hedges, and failovers. */
  extraShare: number;
  /** What the extra requests cost, US dollars per 1,000 requests; absent where the backup's price is not known. */
  extraUsdPerThousand?: number;
}

const meanCostUsd = (outcomes: readonly RequestOutcome[]) => {
  const known = outcomes.flatMap(({ costUsd }) => costUsd ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, usd) => sum + usd, 0) / known.length;
};

/**
 * What a router would have given that asks `backup` too whenever `primary` has been silent for `delayMs`. The two are
 * taken to be slow independently of each other, and the loser to be paid in full.
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
