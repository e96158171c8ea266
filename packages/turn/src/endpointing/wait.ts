import type { UtteranceEnding } from './utterance-ending.js';

/** How long to wait after the caller's last speech sample before the turn is committed. */
export interface EndpointingOptions {
  /** End-of-turn probability from which the wait is `sureMs`, 0 to 1; default 0.36. */
  sure: number;
  /**
   * Probability up to which the wait is `doubtfulMs`, 0 to 1; default 0.1. Between the two the wait rises quadratically
   * as the probability falls.
   */
  doubtful: number;
  /**
   * The shortest wait, ms; default 256. LiveKit's VAD needs 256 ms to detect the end of speech, so a smaller value has
   * no effect.
   */
  sureMs: number;
  /** The wait if the model considers the turn unfinished, ms; default 1500 (LiveKit's `maxDelay`: 2500). */
  doubtfulMs: number;
  /**
   * The shortest wait after an incomplete utterance ("I would like a table for"), ms; default 1500, 0 ignores the
   * words.
   */
  incompleteMs: number;
  /**
   * STT confidence in the last words from which `incompleteMs` applies in full, 0 to 1; default 0.8. Below it,
   * `incompleteMs` is reduced in proportion. 0 trusts all words; an engine that reports no confidence is trusted.
   */
  incompleteConfidence: number;
}

/**
 * The default endpointing options. 0.36 is LiveKit's own threshold for English. Below it LiveKit always waits 2500 ms;
 * here the wait rises quadratically, because just below the threshold the turn is still likely to be over. 256 ms is the
 * shortest delay of LiveKit's VAD. `incompleteMs` is longer than the 1.2 s that people take to find a word. The measured
 * delays and cut-offs are in docs/endpointing.md.
 */
export const DEFAULT_ENDPOINTING: EndpointingOptions = {
  sure: 0.36,
  doubtful: 0.1,
  sureMs: 256,
  doubtfulMs: 1500,
  incompleteMs: 1500,
  incompleteConfidence: 0.8,
};

/** Probabilities are taken as no surer than this: log odds of 0 and 1 are infinite. */
const SUREST = 0.99;

/**
 * What several answers of a model about one pause say together: their mean in log odds.
 * @returns 0 to 1; `undefined` without answers
 */
export function meanProbability(probabilities: readonly number[]): number | undefined {
  if (probabilities.length < 2) return probabilities[0];
  const bounded = probabilities.map((p) => Math.min(SUREST, Math.max(1 - SUREST, p)));
  const logOdds = bounded.reduce((sum, p) => sum + Math.log(p / (1 - p)), 0) / bounded.length;
  return 1 / (1 + Math.exp(-logOdds));
}

/** What is known about a pause. */
export interface PauseEvidence {
  /** End-of-turn probability from the model, 0 to 1; `undefined` if the model failed. */
  probability: number | undefined;
  /** How the turn's words end; `undefined` if they are not known. */
  ending?: UtteranceEnding | undefined;
  /** STT confidence in the last words, 0 to 1; `undefined` if the engine reports none. */
  confidence?: number | undefined;
}

/** End-of-turn wait, ms since the last speech sample. A higher probability never gives a longer wait. */
export function endpointWaitMs(
  { probability, ending, confidence = 1 }: PauseEvidence,
  options: EndpointingOptions,
): number {
  const { sure, doubtful, sureMs, doubtfulMs, incompleteMs, incompleteConfidence } = options;
  const doubt =
    probability === undefined || probability <= doubtful
      ? 1
      : probability >= sure
        ? 0
        : (sure - probability) / (sure - doubtful);
  const waitMs = sureMs + doubt ** 2 * (doubtfulMs - sureMs);
  const believed = confidence >= incompleteConfidence ? 1 : confidence / incompleteConfidence;
  return ending === 'incomplete' ? Math.max(waitMs, incompleteMs * believed) : waitMs;
}
