import { type Distribution, distribution } from '@firstword/records';
import type { CallAlignment } from './alignment.js';

/** How well the records of an agent alignment for the tapes of its callers. */
export interface AlignmentSummary {
  /** Turns found both in the records and on the tapes. */
  turns: number;
  /** Turns on the tapes that no record alignments for. */
  unrecorded: number;
  /** Records whose answer began over the caller's speech, where there is no gap to hear. */
  spokenOver: number;
  /** Records with a felt gap whose answer is on no tape. */
  notOnTape: number;
  /** Accounted turns whose sound was not found again at the other end, so that their transport is not known. */
  notMeasured: number;
  transport?: Distribution;
  /** |ledger + transport − tape|. */
  difference?: Distribution;
  /** What the ledgers leave without an owner. */
  unaccounted?: Distribution;
}

export function summariseAlignments(alignments: readonly CallAlignment[]): AlignmentSummary {
  const turns = alignments.flatMap((alignment) => alignment.turns);
  const transport = distribution(turns.flatMap(({ transportMs }) => transportMs ?? []));
  const difference = distribution(
    turns.flatMap(({ differenceMs }) => (differenceMs === undefined ? [] : Math.abs(differenceMs))),
  );
  const unaccounted = distribution(turns.map(({ unaccountedMs }) => unaccountedMs));
  return {
    turns: turns.length,
    unrecorded: alignments.reduce((sum, { unrecordedMs }) => sum + unrecordedMs.length, 0),
    spokenOver: alignments.reduce((sum, { spokenOver }) => sum + spokenOver.length, 0),
    notOnTape: alignments.reduce((sum, { notOnTape }) => sum + notOnTape.length, 0),
    notMeasured: turns.filter(({ transportMs }) => transportMs === undefined).length,
    ...(transport ? { transport } : {}),
    ...(difference ? { difference } : {}),
    ...(unaccounted ? { unaccounted } : {}),
  };
}
