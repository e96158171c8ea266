/** With fewer samples than this, a quantile is not used. */
export const MIN_SAMPLES = 10;

/** Input of `hedgeDelayMs`. */
export interface HedgeDelayState {
  /** The model's times to first content, and its callers' waits. */
  latency: {
    count: number;
    quantile(q: number): number | undefined;
    waitQuantile(q: number): number | undefined;
  };
  /** Fixed quantile to hedge at, 0 to 1. Left out: it follows from the budget. */
  quantile?: number | undefined;
  /** Share of requests that may be hedged after a delay, 0 to 1. */
  budget: number;
  /** How full the hedge budget's token bucket is, 0 to 1. */
  bucketFill: number;
  /** How long the caller had waited when the request was sent, ms; negative if the caller was still speaking. */
  priorWaitMs: number;
  /** Delay while there are fewer than `MIN_SAMPLES` samples, ms. */
  initialDelayMs: number;
}

/**
 * Hedge delay: how long to wait for the first content before a second request is sent, ms.
 *
 * If the hedge fires when a fraction b of callers would still be waiting, exactly that fraction is hedged. The wait
 * counts from the caller's last word, so a request that was sent late is hedged sooner. This shortens the slowest
 * waits more than hedging every request at the same age. Superseded speculations count as requests too but are rarely
 * waited for; with many of them, the remaining answers are hedged sooner within the same budget. Where every slow
 * request was hedged, the tail estimate of the window gives the time.
 *
 * Without a fixed quantile, b is the budget times 0.75 (empty bucket) to 1.25 (full bucket). Spending then settles at
 * the budget, and a hedge is rarely refused. A wider range would make the delay fluctuate, and requests that are
 * hedged late determine the slow percentiles.
 */
export function hedgeDelayMs(state: HedgeDelayState): number {
  if (state.latency.count < MIN_SAMPLES) return state.initialDelayMs;
  const { latency, quantile, budget, bucketFill, priorWaitMs, initialDelayMs } = state;
  if (quantile !== undefined) return latency.quantile(quantile) ?? initialDelayMs;
  const waitMs = latency.waitQuantile(1 - budget * (0.75 + bucketFill / 2));
  return waitMs === undefined ? initialDelayMs : Math.max(0, waitMs - priorWaitMs);
}
