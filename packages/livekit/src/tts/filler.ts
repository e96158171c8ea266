/** Phrases said when an answer is late, and how late it must be. */
export interface FillerOptions {
  /** Phrases to choose from ("Let me see."), at least one. Their audio is synthesized in advance. */
  phrases: readonly string[];
  /** Longest silence wanted, from the caller's last sound, ms, over 0. */
  overMs: number;
}

/** What is known of a committed turn when a filler may be said. */
export interface FillerSituation {
  /** Predicted felt gap of this turn, ms, from the call's earlier turns; `undefined` if nothing predicts it. */
  predictedGapMs: number | undefined;
  /** Longest silence wanted, ms. */
  limitMs: number;
  /** Some of the answer's text or audio has arrived. */
  answerStarted: boolean;
  /** Phrases to choose from ("Let me see…"). */
  phrases: readonly string[];
  /** Phrases said earlier in this call, oldest first. */
  recent: readonly string[];
}

/**
 * The phrase to say before a late answer; `undefined` for none. Says none if the answer is predicted in time or has
 * started. Never returns the phrase said last; among the others it returns the one said longest ago.
 */
export function chooseFiller(situation: FillerSituation): string | undefined {
  const { predictedGapMs, limitMs, answerStarted, phrases, recent } = situation;
  if (answerStarted || predictedGapMs === undefined || predictedGapMs <= limitMs) return undefined;
  const last = recent.at(-1);
  const [choice] = phrases
    .filter((phrase) => phrase !== last)
    .sort((a, b) => recent.lastIndexOf(a) - recent.lastIndexOf(b));
  return choice;
}
