/** When to start an answer before the turn is committed, and how many tokens this may waste. */
export interface SpeculationOptions {
  /**
   * Minimum confidence at which an interim starts a speculation, 0 to 1; default 0.8. If silence is measured, the interim
   * must also arrive in silence. Ignored if the engine reports no real confidence.
   */
  minConfidence: number;
  /**
   * Without a confidence: a speculation starts on words unchanged for this long, ms; default 350. Longer for an engine
   * whose interims are further apart.
   */
  stableMs: number;
  /** Without a confidence: a speculation also starts on words repeated by this many interims in a row; default 3. */
  stableRevisions: number;
  /**
   * Silence after the words at which a speculation starts, if silence is measured, ms; default 90. With an STT that reports
   * pauses itself, only opening phrases ("No", "Okay") wait this long. The embedded STT reports at most 96 ms reliably.
   */
  silenceMs: number;
  /** Speculations per turn, including restarts; default 6. */
  maxPerTurn: number;
  /** Tokens that cancelled speculations may use per call; default 50,000. */
  maxWastedTokensPerCall: number;
  /** Tokens that cancelled speculations may use in any minute; default 10,000. */
  maxWastedTokensPerMinute: number;
  /**
   * Minimum share of a trigger's speculations that must be kept, 0 to 1; default 0.4. Below it, the trigger is used only
   * once in `probeEvery` chances.
   */
  minAcceptance: number;
  /**
   * A trigger with low acceptance is used once in this many chances, so that its acceptance is measured again; default 8.
   */
  probeEvery: number;
}

/**
 * The default speculation options. 0.8 is the confidence that users asked for. 350 ms is longer than the time between
 * interims of the embedded and the common hosted engines (100 to 300 ms), so that a gap between interims is not mistaken
 * for stable words. The budgets limit cost and were not measured.
 */
export const DEFAULT_SPECULATION: SpeculationOptions = {
  minConfidence: 0.8,
  stableMs: 350,
  stableRevisions: 3,
  silenceMs: 90,
  maxPerTurn: 6,
  maxWastedTokensPerCall: 50_000,
  maxWastedTokensPerMinute: 10_000,
  minAcceptance: 0.4,
  probeEvery: 8,
};
