import { type Distribution, distribution } from '@firstword/records';
import type { CallAlignment } from './alignment.js';

/** How well an agent's records agree with the tapes of its callers, over several calls. */
export interface AlignmentSummary {
  /** Turns found both in the records and on the tapes. */
  turns: number;
  /** Turns on the tapes without a record. */
  unrecorded: number;
  /** Records whose answer started while the caller was speaking, so that the tape has no gap. */
  spokenOver: number;
  /** Records with a felt gap whose answer is on no tape. */
  notOnTape: number;
  /** Aligned turns whose audio was not found on the other tape, so that their transport is not known. */
  notMeasured: number;
  /** Round-trip transport, ms. */
  transport?: Distribution;
  /** |ledger + transport − tape|, ms. */
  difference?: Distribution;
  /** Silence that the ledgers attribute to no owner, ms. */
  unaccounted?: Distribution;
}

/** Summarises the alignments of several calls. */
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
