/** When to start an answer before the turn is over, and how much that may cost. */
export interface SpeculationOptions {
  /** Confidence at which an interim is worth starting on, 0 to 1; default 0.8. Only where the engine really tells one. */
  minConfidence: number;
  /**
   * Words unchanged for this long are worth starting on where the engine tells no confidence, ms; default 350. Longer
   * where the engine itself takes longer from one interim to the next.
   */
  stableMs: number;
  /** Or words repeated by this many interims in a row; default 3. */
  stableRevisions: number;
  /**
   * Silence after the words, where it is known, that makes them worth starting on, ms; default 90. With an engine that
   * tells of pauses itself only words that mostly go on ("No", "Okay") wait for so much; the embedded ears tell of no more
   * than 96 for sure.
   */
  silenceMs: number;
  /** Starts of one turn, restarts included; default 6. */
  maxPerTurn: number;
  /** Tokens of superseded speculations that one call may cost; default 50,000. */
  maxWastedTokensPerCall: number;
  /** And any one minute of it; default 10,000. */
  maxWastedTokensPerMinute: number;
  /** Share of starts for one reason that must be kept, 0 to 1; below it that reason is only tried now and then; default 0.4. */
  minAcceptance: number;
  /** One in so many chances is taken all the same, so that acceptance is measured anew; default 8. */
  probeEvery: number;
}

/**
 * 0.8 is the confidence the project's users asked for; 350 ms is longer than the pauses between interims of the
 * embedded and the common hosted engines (100 to 300 ms), so silence from the engine is not taken for stability.
 * The budgets are bounds on cost, not measurements.
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
