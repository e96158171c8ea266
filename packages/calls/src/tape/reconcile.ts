import type { TurnRecord } from '@firstword/turn';
import type { MeasuredTurn } from './gap-detector.js';

/** Answers that begin within this of each other are the same answer, ms. */
const SAME_ANSWER_MS = 300;

export interface Reconciliation {
  /** Turns found both in the records and on the tape. */
  pairs: { turn: number; recordMs: number; tapeMs: number; differenceMs: number }[];
  /** Turn numbers of records with a felt gap whose answer is not on the tape. */
  notOnTape: number[];
}

/**
 * Holds the records of a call against its tape. Both must count from the same moment. The tape's figures come from
 * `detectGaps`, which has seen no record.
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
