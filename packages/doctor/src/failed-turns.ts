import type { FailureSummary } from '@firstword/records';
import { failureText, isFailed } from '@firstword/turn';
import type { EvidenceTurn } from './evidence.js';
import { groupBy } from './figures.js';

/** Why a turn failed, as text. */
export const failedReason = ({ failure }: EvidenceTurn): string =>
  failure ? failureText(failure) : 'the reason is not reported';

/** The turns that failed, by reason, the most frequent first. */
export function failedByReason(turns: readonly EvidenceTurn[]): [string, EvidenceTurn[]][] {
  const failed = turns.filter(({ outcome }) => isFailed(outcome));
  return [...groupBy(failed, failedReason)].sort(([, a], [, b]) => b.length - a.length);
}

/** How many turns failed, and why. */
export function failuresIn(turns: readonly EvidenceTurn[]): FailureSummary {
  const reasons = failedByReason(turns).map(([reason, those]) => ({ reason, turns: those.length }));
  return { turns: reasons.reduce((sum, one) => sum + one.turns, 0), reasons };
}
