/** Speculations that a turn may start as soon as its words allow it. */
const FREE_STARTS = 1;
/** Speculations that a turn may start before its commit is due. LiveKit starts three. */
const EARLY_STARTS = 3;

/** What is known when the next speculation of a turn could start. Times in ms. */
export interface HeldStart {
  /** Speculations of this turn so far: all of them were discarded, because the caller went on. */
  startedInTurn: number;
  /** When the turn is committed if the caller stays silent, from now; `undefined` if that is not decided yet. */
  commitInMs: number | undefined;
  /** How long an answer takes from its request until it can be heard. */
  answerMs: number;
}

/**
 * How long the next speculation of a turn is held, ms; 0: not at all; `undefined`: until it is decided when the turn is committed.
 *
 * A caller who pauses often would otherwise pay for an answer at every pause. The second and the third speculation start when their
 * answer would otherwise come later than the commit: shorter pauses cost nothing. A turn with three discarded ones goes on being
 * interrupted by pauses: from then on the answer starts at the commit.
 */
export function speculationHoldMs({ startedInTurn, commitInMs, answerMs }: HeldStart): number | undefined {
  if (startedInTurn < FREE_STARTS) return 0;
  if (commitInMs === undefined) return undefined;
  return Math.max(0, commitInMs - (startedInTurn < EARLY_STARTS ? answerMs : 0));
}
