import { type FailureSummary, failureReason } from '@firstword/records';
import { isFailed } from '@firstword/turn';
import { groupBy } from '@firstword/turn/statistics';
import type { EvidenceTurn } from './evidence.js';

/** The turns that failed, by reason, the most frequent first. */
export function failedByReason(turns: readonly EvidenceTurn[]): [string, EvidenceTurn[]][] {
  const failed = turns.filter(({ outcome }) => isFailed(outcome));
  return [...groupBy(failed, ({ failure }) => failureReason(failure))].sort(
    ([, a], [, b]) => b.length - a.length,
  );
}

/** How many turns failed, and why. */
export function failuresIn(turns: readonly EvidenceTurn[]): FailureSummary {
  const reasons = failedByReason(turns).map(([reason, those]) => ({ reason, turns: those.length }));
  return { turns: reasons.reduce((sum, one) => sum + one.turns, 0), reasons };
}
