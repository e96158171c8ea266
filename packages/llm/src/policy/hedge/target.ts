import type { LatencySample } from '../latency/window.js';
import { recentSpeedMs } from '../order/order.js';

export interface HedgeTargetState {
  /** The model that keeps the caller waiting: its last times to first content, oldest first. */
  recent: LatencySample[];
  /** What only one in twenty of its answers exceeds, ms; `undefined` while too little is known. */
  slowMs: number | undefined;
  /** Times that this request has been sent to it. */
  sent: number;
  /** The last times of the best other model that is fit. */
  otherRecent: LatencySample[];
  /** What half of all its answers take at most, ms: its last ones may all be races that it lost before it could answer. */
  otherMedianMs: number | undefined;
}

/** Answers of the other model before its speed is believed. */
const ENOUGH_ANSWERS = 3;

/**
 * Whether a second request goes to the model that keeps the caller waiting, over another connection, or to another.
 *
 * Another is right by default: what slows a provider slows all of its requests. But where one answer of a fast model is
 * slow, and its last ones were not, that is its tail; and when the other's usual answer takes longer than nineteen in
 * twenty of the fast one's, a second draw from the fast one comes sooner. Once per request: a model that is silent
 * twice is not a tail.
 */
export function hedgeTarget(state: HedgeTargetState): 'same' | 'other' {
  const { recent, slowMs, sent, otherRecent, otherMedianMs } = state;
  if (slowMs === undefined || sent > 1 || otherRecent.length < ENOUGH_ANSWERS) return 'other';
  const slowOnes = recent.filter(({ ms, censored }) => censored || ms > slowMs).length;
  const lately = recentSpeedMs(otherRecent)!;
  const otherMs = Number.isFinite(lately) ? lately : (otherMedianMs ?? 0);
  return slowOnes <= 1 && otherMs > slowMs ? 'same' : 'other';
}
