import type { LatencySample } from '../latency/window.js';
import { recentSpeedMs } from '../order/order.js';

/** Input of `hedgeTarget`. */
export interface HedgeTargetState {
  /** The slow model's recent times to first content, oldest first. */
  recent: LatencySample[];
  /** The slow model's 95th percentile, ms; `undefined` with too few samples. */
  slowMs: number | undefined;
  /** How often this request was sent to the slow model. */
  sent: number;
  /** Recent times of the best other healthy model. */
  otherRecent: LatencySample[];
  /** That model's median, ms. Its recent samples may all be races that it lost before it could answer. */
  otherMedianMs: number | undefined;
}

/** Samples of the other model that are needed before its speed is used. */
const ENOUGH_ANSWERS = 3;

/**
 * Whether to hedge with the same model, over another connection, or with another one.
 *
 * Another model is the default: what slows a provider usually slows all of its requests. But if only this one answer
 * of a fast model is slow, a second request to it is likely to be fast. It is preferred when the other model's
 * typical time exceeds the fast model's 95th percentile. Only once a request: a model that does not answer twice has
 * a problem beyond its tail.
 */
export function hedgeTarget(state: HedgeTargetState): 'same' | 'other' {
  const { recent, slowMs, sent, otherRecent, otherMedianMs } = state;
  if (slowMs === undefined || sent > 1 || otherRecent.length < ENOUGH_ANSWERS) return 'other';
  const slowOnes = recent.filter(({ ms, censored }) => censored || ms > slowMs).length;
  const lately = recentSpeedMs(otherRecent)!;
  const otherMs = Number.isFinite(lately) ? lately : (otherMedianMs ?? 0);
  return slowOnes <= 1 && otherMs > slowMs ? 'same' : 'other';
}
