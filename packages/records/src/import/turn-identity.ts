import type { TurnRecord } from '@firstword/turn';

/**
 * What two records of one turn have in common, within their call. Turns of exports were numbered here, so that a file that
 * holds a call twice gives other numbers the second time: the moment tells, where the export had one.
 */
export function turnIdentity({ turn, at, imported }: TurnRecord): string {
  return imported && Date.parse(at) > 0 ? `${at} ${imported.e2eMs}` : `${turn} ${at}`;
}
