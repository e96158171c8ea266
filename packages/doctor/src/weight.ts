import type { Finding } from './finding.js';

/** Weight from which a finding is `high`, ms. */
export const HIGH_MS = 200;
/** Weight from which a finding is `medium`, ms. */
export const MEDIUM_MS = 60;
/** Weight of a finding without a figure, such as impossible data: it ranks below anything that costs time. */
const NO_FIGURE_MS = 10;

/** Weight of a failed turn, as ms of silence: callers hang up after about this time without an answer. */
const FAILED_TURN_MS = 10_000;

/** Saving × confidence. The mean and the p95 count half each, because callers complain about slow turns. */
export function weightOf({ saving, confidence, isBroken, failedShare, leastWeightMs = 0 }: Finding): number {
  if (failedShare !== undefined) return failedShare * FAILED_TURN_MS;
  const savedMs = saving ? (saving.meanMs + Math.max(saving.meanMs, saving.p95Ms)) / 2 : NO_FIGURE_MS;
  return Math.max(savedMs * confidence.value, isBroken ? HIGH_MS : 0, leastWeightMs);
}
