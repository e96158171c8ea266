/**
 * A caller who speaks again within this time of the commit continues the same turn, ms: the turn was committed during a
 * pause inside it. Later speech is a new turn or a barge-in.
 */
export const REPAIR_WITHIN_MS = 1500;

/**
 * A caller who has heard the answer for this long may be reacting to it, ms: some 800 ms for its first words, and 485, the
 * median after which two people on the telephone answer each other.
 */
export const REACTED_AFTER_MS = 1300;

/** Nobody reacts to the end of an answer sooner than this, ms. */
export const REACTION_MS = 150;

/** A shorter answer, such as "Okay.", says too little to be responded to, ms. */
export const SHORT_ANSWER_MS = 400;

/** What is known when the caller speaks again after a commit. */
export interface Resumption {
  /** From the commit to the caller's first sound, ms. */
  resumedMs: number;
  /** For how long the answer had been audible at that sound, ms; `undefined` if nothing of it was. */
  heardMs?: number | undefined;
  /** How long ago the answer had been played to its end, ms; `undefined` if it had not. */
  endedMs?: number | undefined;
}

/** Whether the caller was cut off: the caller continues the committed turn, and does not react to its answer. */
export function isCutOff({ resumedMs, heardMs = 0, endedMs = 0 }: Resumption): boolean {
  const isResponse = endedMs >= REACTION_MS && heardMs - endedMs >= SHORT_ANSWER_MS;
  return resumedMs <= REPAIR_WITHIN_MS && heardMs < REACTED_AFTER_MS && !isResponse;
}
