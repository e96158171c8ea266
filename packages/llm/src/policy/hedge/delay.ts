/** Below this many samples a quantile says little. */
export const MIN_SAMPLES = 10;

export interface HedgeDelayState {
  /** The model's own times to first content, and how long its callers waited. */
  latency: {
    count: number;
    quantile(q: number): number | undefined;
    waitQuantile(q: number): number | undefined;
  };
  /** A quantile to hedge at, 0 to 1; left out, it follows from the budget. */
  quantile?: number | undefined;
  /** Share of requests that may be hedged once they are late, 0 to 1. */
  budget: number;
  /** How full the budget's account is, 0 to 1. */
  bucketFill: number;
  /** How long the caller had waited when the request was sent, ms; less than 0 where the caller still spoke. */
  priorWaitMs: number;
  /** Used while too little is known, ms. */
  initialDelayMs: number;
}

/**
 * How long to wait for a request's first content before a second one is sent, ms.
 *
 * Waiting until a share b of the callers still wait hedges that share. They wait from their last word on: a request that
 * was sent late is hedged sooner, which takes more off the slowest waits than hedging all requests at one age.
 * Speculations that are superseded meanwhile are requests too, and seldom left: with many of them the answers that are
 * waited for are hedged sooner, within the same budget. Where hedges have beaten all that is slow, the window's tail
 * tells when that share is left.
 *
 * With no quantile set, b is the budget, stretched by what has been saved (up to 1.25 budgets with a full account, down
 * to 0.75 with an empty one): the spending then settles on the budget, and a hedge is rarely refused when it matters. A
 * wider stretch would make the delay restless, and it is the requests that were hedged late that make the slow
 * percentiles.
 */
export function hedgeDelayMs(state: HedgeDelayState): number {
  if (state.latency.count < MIN_SAMPLES) return state.initialDelayMs;
  const { latency, quantile, budget, bucketFill, priorWaitMs, initialDelayMs } = state;
  if (quantile !== undefined) return latency.quantile(quantile) ?? initialDelayMs;
  const waitMs = latency.waitQuantile(1 - budget * (0.75 + bucketFill / 2));
  return waitMs === undefined ? initialDelayMs : Math.max(0, waitMs - priorWaitMs);
}
