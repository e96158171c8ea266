import { type CallLevers, DEFAULT_LEVERS, NO_LEVERS } from '@firstword/livekit';
import type { LeverSet } from '@firstword/studio/protocol';

/** What the page switches: the levers of the call, and the LLM's backup, which is the studio's own. */
const withBackup = (levers: CallLevers, backup: boolean): LeverSet => ({ filler: false, ...levers, backup });

export const LIVEKIT_SET = withBackup(NO_LEVERS, false);
export const FIRSTWORD_SET = withBackup(DEFAULT_LEVERS, false);

/** Those of the call. */
export function callLevers({ backup: _, ...levers }: LeverSet): CallLevers {
  return levers;
}

/** A call's levers, as the page knows them. */
export function pageSet(levers: CallLevers, backup: boolean): LeverSet {
  return withBackup(levers, backup);
}

export function sameSet(a: LeverSet, b: LeverSet): boolean {
  return (Object.keys(a) as (keyof LeverSet)[]).every((name) => a[name] === b[name]);
}
