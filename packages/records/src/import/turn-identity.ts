import type { TurnRecord } from '@firstword/turn';

/**
 * Identifies a turn within its call, to find duplicates. Turns of exports are numbered on import, so that a file that
 * contains a call twice gets other numbers the second time: use the time instead, where the export has one.
 */
export function turnIdentity({ turn, at, imported }: TurnRecord): string {
  return imported && Date.parse(at) > 0 ? `${at} ${imported.e2eMs}` : `${turn} ${at}`;
}
