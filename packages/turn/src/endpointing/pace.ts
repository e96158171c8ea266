/** What one turn of a caller taught. */
export type PaceEvent =
  /** The turn was taken for over and the caller went on: the wait was too short. */
  | 'cutOff'
  /** The caller went on while the wait still ran: no shorter wait would have done. */
  | 'resumed'
  /** The caller stopped, was answered and did not mind. */
  | 'clean';

/** How a caller's own habits may move the waits. */
export interface PaceOptions {
  /** Added to every wait for the slowest caller, ms. */
  maxExtraMs: number;
  /** Share of a wait above the shortest one that the quickest caller is spared, 0 to 1. */
  maxReduction: number;
  /** How far one event moves a caller between quickest (−1) and slowest (1). A clean turn moves back. */
  steps: Readonly<Record<PaceEvent, number>>;
}

/**
 * Steps in the ratio of 8 to 1 settle where one turn in nine is cut, if waiting can bring it there. A step is the same
 * however long the pause was, so one strange pause costs no more than any other.
 */
export const DEFAULT_PACE: PaceOptions = {
  maxExtraMs: 500,
  maxReduction: 0.4,
  steps: { cutOff: 0.4, resumed: 0.15, clean: -0.05 },
};

/** How slowly a caller speaks: −1 (never pauses inside a turn) to 1 (often and long); 0 is not known yet. */
export type CallerPace = number;

/** The pace after one more event; always within −1 and 1. */
export function updatedPace(
  pace: CallerPace,
  event: PaceEvent,
  options: PaceOptions = DEFAULT_PACE,
): CallerPace {
  return Math.min(1, Math.max(-1, pace + options.steps[event]));
}

/** A wait as this caller needs it, ms; never under `shortestMs`, and never longer for a quicker caller. */
export function pacedWaitMs(
  waitMs: number,
  pace: CallerPace,
  limits: { shortestMs: number; options?: PaceOptions },
): number {
  const { shortestMs, options = DEFAULT_PACE } = limits;
  if (pace >= 0) return Math.max(shortestMs, waitMs + pace * options.maxExtraMs);
  const above = Math.max(0, waitMs - shortestMs);
  return shortestMs + above * (1 + pace * options.maxReduction);
}
