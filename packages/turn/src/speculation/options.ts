/** When to start an answer before the turn is committed, and how many tokens that may waste. */
export interface SpeculationOptions {
  /**
   * Confidence from which a speculation starts on an interim, 0 to 1; default 0.8. Where silence is measured, the interim must
   * have come in silence. Ignored if the engine reports no real confidence.
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
   * Silence after the words, where it is measured, from which a speculation starts, ms; default 90. With an STT that
   * reports pauses itself, only opening phrases ("No", "Okay") wait this long. The embedded STT reports at most 96 ms
   * reliably.
   */
  silenceMs: number;
  /** Speculations per turn, including restarts; default 6. */
  maxPerTurn: number;
  /** Tokens that cancelled speculations may cost per call; default 50,000. */
  maxWastedTokensPerCall: number;
  /** Tokens that cancelled speculations may cost in any minute; default 10,000. */
  maxWastedTokensPerMinute: number;
  /**
   * Share of speculations for one reason that must be kept, 0 to 1; default 0.4. Below it, that reason is tried only
   * once in `probeEvery`.
   */
  minAcceptance: number;
  /**
   * For a reason with low acceptance, one opportunity in this many is used, so that its acceptance is measured again;
   * default 8.
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
