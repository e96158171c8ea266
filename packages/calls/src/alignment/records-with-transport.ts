import { type TurnRecord, toTurnRecord } from '@firstword/turn';
import type { CallAlignment } from './alignment.js';

/**
 * Adds the mark `callerHeard` to an agent's records where the transport of the turn was measured. The transport then is a
 * segment of the ledger, and the felt gap is the caller's. Other records are returned unchanged.
 */
export function recordsWithTransport(records: readonly TurnRecord[], { turns }: CallAlignment): TurnRecord[] {
  const transports = new Map(turns.map(({ turn, transportMs }) => [turn, transportMs]));
  return records.map((record) => {
    const { marks, ...rest } = record;
    const transportMs = transports.get(record.turn);
    if (transportMs === undefined || marks.firstAudible === undefined) return record;
    return toTurnRecord({ ...rest, marks: { ...marks, callerHeard: marks.firstAudible + transportMs } });
  });
}
