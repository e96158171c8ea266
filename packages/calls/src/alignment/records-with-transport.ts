import { type TurnRecord, toTurnRecord } from '@firstword/turn';
import type { CallAlignment } from './alignment.js';

/**
 * An agent's records of a call as its caller had it: with the mark `callerHeard` where the transport of the turn was
 * measured. The transport, there and back, is then a segment of the ledger like any other, and the felt gap is the
 * caller's. Turns of which it is not known are as they were.
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
