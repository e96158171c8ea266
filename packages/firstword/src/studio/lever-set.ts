import { type CallLevers, DEFAULT_LEVERS, NO_LEVERS } from '@firstword/livekit';
import type { LeverSet } from './protocol.js';

/** LiveKit's defaults: every lever off. */
export const LIVEKIT_LEVERS = toLeverSet(NO_LEVERS, false);
/** Firstword's default levers, without a backup LLM. */
export const FIRSTWORD_LEVERS = toLeverSet(DEFAULT_LEVERS, false);

/** The call's levers within a page's lever set. Those for which the page has no switch are on unless all others are off. */
export function toCallLevers({ backup: _, ...levers }: LeverSet): CallLevers {
  const isAnyOn = Object.values(levers).some(Boolean);
  return { ...levers, askAgain: isAnyOn, bargeIn: isAnyOn };
}

/** A page's lever set: a call's levers, and whether a backup LLM is used, which only the studio can switch. */
export function toLeverSet(levers: CallLevers, backup: boolean): LeverSet {
  const { askAgain: _, bargeIn: __, ...shown } = levers;
  return { filler: false, ...shown, backup };
}

/** Whether two lever sets are equal. */
export function equalLeverSets(a: LeverSet, b: LeverSet): boolean {
  return (Object.keys(a) as (keyof LeverSet)[]).every((name) => a[name] === b[name]);
}
