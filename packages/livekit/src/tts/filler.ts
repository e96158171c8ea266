/** What to say while an answer is late. */
export interface FillerOptions {
  /** Phrases to choose from ("Let me see."), each said as it stands. Their audio is made before it is needed. */
  phrases: readonly string[];
  /** Silence that a caller is to be left in at most, ms, from the last sound of their turn. */
  overMs: number;
}

/** What is known when a turn has been committed. */
export interface FillerSituation {
  /** Silence still to come until the answer would be heard, ms, as the ledger's earlier turns predict it. */
  predictedGapMs: number | undefined;
  /** Silence that a caller is to be left in at most, ms. */
  limitMs: number;
  /** Text of the answer is there already, or audio of it. */
  answerStarted: boolean;
  /** Phrases to choose from ("Let me see…"). */
  phrases: readonly string[];
  /** Phrases said before in this call, oldest first. */
  recent: readonly string[];
}

/**
 * The phrase to say while the answer is on its way; `undefined` for none. None is said over a fast answer, or where
 * nothing predicts a slow one; none twice in a row of answers, and of several the one that was said longest ago.
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
