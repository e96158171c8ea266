/** Below this many samples a quantile says little. */
export const MIN_SAMPLES = 10;

export interface HedgeDelayState {
  /** The primary's own times to first content, and to a caller's going away before it. */
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
  fill: number;
  /** Used while too little is known, ms. */
  initialDelayMs: number;
}

/**
 * How long to wait for the first content before a second request is sent, ms.
 *
 * Waiting until a share b of the requests is left hedges that share. Speculations that are superseded meanwhile are
 * requests too, and seldom left: with many of them the answers that are waited for are hedged sooner, within the same
 * budget. Where hedges have beaten all that is slow, the window's tail tells when that share is left.
 *
 * With no quantile set, b is the budget, stretched by what has been saved (up to 1.25 budgets with a full account, down
 * to 0.75 with an empty one): the spending then settles on the budget, and a hedge is rarely refused when it matters. A
 * wider stretch would make the delay restless, and it is the requests that were hedged late that make the slow
 * percentiles.
 */
export function hedgeDelayMs(state: HedgeDelayState): number {
  if (state.latency.count < MIN_SAMPLES) return state.initialDelayMs;
  const { latency, quantile, budget, fill, initialDelayMs } = state;
  const delayMs =
    quantile === undefined
      ? latency.waitQuantile(1 - budget * (0.75 + fill / 2))
      : latency.quantile(quantile);
  return delayMs ?? initialDelayMs;
}
