/** Below this many samples a quantile says little. */
export const MIN_SAMPLES = 10;

export interface HedgeDelayState {
  /** The primary's own times to first content. */
  latency: { count: number; quantile(q: number): number | undefined };
  /** A quantile to hedge at, 0 to 1; left out, it follows from the budget. */
  quantile?: number | undefined;
  /** Share of requests that may be hedged, 0 to 1. */
  budget: number;
  /** How full the budget's account is, 0 to 1. */
  fill: number;
  /** Used while too little is known, ms. */
  initialDelayMs: number;
}

/**
 * How long to wait for the first content before a second request is sent, ms.
 *
 * Waiting for the quantile 1 − b hedges a share b of requests. With no quantile set, b is the budget, stretched by what
 * has been saved (up to 1.25 budgets with a full account, down to 0.75 with an empty one): the spending then settles on
 * the budget, and a hedge is rarely refused when it matters. A wider stretch would make the delay restless, and it is
 * the requests that were hedged late that make the slow percentiles.
 */
export function hedgeDelayMs(state: HedgeDelayState): number {
  if (state.latency.count < MIN_SAMPLES) return state.initialDelayMs;
  const q = state.quantile ?? 1 - state.budget * (0.75 + state.fill / 2);
  return state.latency.quantile(q) ?? state.initialDelayMs;
}
