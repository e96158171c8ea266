/** What happened in one turn of a caller. */
export type PaceEvent =
  /** The turn was committed but the caller continued: the wait was too short. */
  | 'cutOff'
  /** The caller continued before the wait had elapsed: a shorter wait would have cut the turn off. */
  | 'resumed'
  /** The turn was committed and the caller did not continue. */
  | 'clean';

/** How far a caller's pace changes the end-of-turn waits. */
export interface PaceOptions {
  /** Added to every wait for the slowest caller, ms; default 500. */
  maxExtraMs: number;
  /** Share of the wait above the shortest one that is removed for the quickest caller, 0 to 1; default 0.4. */
  maxReduction: number;
  /**
   * How far one event moves the pace between quickest (−1) and slowest (1); default `cutOff` 0.4, `resumed` 0.15,
   * `clean` −0.05.
   */
  steps: Readonly<Record<PaceEvent, number>>;
}

/**
 * The default pace options. Steps of 8 to 1 (`cutOff` to `clean`) settle at one cut-off in nine turns, where a longer
 * wait can achieve that. The step does not depend on the length of the pause, so that one unusual pause counts no more
 * than any other.
 */
export const DEFAULT_PACE: PaceOptions = {
  maxExtraMs: 500,
  maxReduction: 0.4,
  steps: { cutOff: 0.4, resumed: 0.15, clean: -0.05 },
};

/** How slowly a caller speaks: −1 (never pauses inside a turn) to 1 (pauses often and long). 0: not known yet. */
export type CallerPace = number;

/** The pace after one more event, −1 to 1. */
export function updatedPace(
  pace: CallerPace,
  event: PaceEvent,
  options: PaceOptions = DEFAULT_PACE,
): CallerPace {
  return Math.min(1, Math.max(-1, pace + options.steps[event]));
}

/**
 * The end-of-turn wait adjusted to the caller's pace, ms. Never below `shortestMs`, never longer for a quicker caller.
 */
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
