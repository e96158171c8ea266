import type { TurnRecord } from '@firstword/turn';

/**
 * Tells apart the turns that one call has at one time: the turn's number, which is 1 or more; of an export that has times, the
 * gap that it reports, as a number of 0 or less. Turns of exports are numbered on import, so that a file that contains a call
 * twice gets other numbers the second time.
 */
export function turnOrdinal({ turn, at, imported }: Pick<TurnRecord, 'turn' | 'at' | 'imported'>): number {
  if (!imported || !(Date.parse(at) > 0)) return turn;
  return imported.e2eMs === undefined ? 0 : -1 - imported.e2eMs;
}

/** Identifies a turn within its call, to find duplicates. */
export const turnIdentity = (record: TurnRecord): string => `${turnOrdinal(record)} ${record.at}`;
