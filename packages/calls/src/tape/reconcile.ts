import type { TurnRecord } from '@firstword/turn';
import type { MeasuredTurn } from './gap-detector.js';

/** Tolerance for matching the answer of a record with an answer on the tape, ms. */
const SAME_ANSWER_MS = 300;

/** The records of a call matched with its tape. */
export interface Reconciliation {
  /** Turns found both in the records and on the tape. */
  pairs: { turn: number; recordMs: number; tapeMs: number; differenceMs: number }[];
  /** Turn numbers of records with a felt gap whose answer is not on the tape. */
  notOnTape: number[];
}

/**
 * Compares the felt gaps of a call's records with those of its tape. Both must have the same time origin. The tape's turns
 * come from `detectGaps`, which is independent of the records.
 */
export function reconcile(records: readonly TurnRecord[], measured: readonly MeasuredTurn[]): Reconciliation {
  const pairs: Reconciliation['pairs'] = [];
  const notOnTape: number[] = [];
  for (const { turn, feltGapMs, marks } of records) {
    const heardMs = marks.callerHeard ?? marks.firstAudible;
    if (feltGapMs === undefined || heardMs === undefined) continue;
    const onTape = measured.find((m) => Math.abs(m.agentStartMs - heardMs) <= SAME_ANSWER_MS);
    if (!onTape) notOnTape.push(turn);
    else {
      const tapeMs = onTape.gapMs;
      pairs.push({ turn, recordMs: feltGapMs, tapeMs, differenceMs: feltGapMs - tapeMs });
    }
  }
  return { pairs, notOnTape };
}
