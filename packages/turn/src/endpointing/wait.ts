import type { UtteranceEnding } from './utterance-ending.js';

/** How long to wait after the caller's last sound, by how likely it is that the turn is over. */
export interface EndpointingOptions {
  /** End-of-turn probability from which the wait is `sureMs`, 0 to 1; default 0.36. */
  sure: number;
  /** Probability up to which the wait is `doubtfulMs`, 0 to 1; default 0.1. Between the two it falls as a square does. */
  doubtful: number;
  /** The shortest wait, ms. The VAD needs 256 before it calls speech ended: less than that is that; default 256. */
  sureMs: number;
  /** The wait where the model does not believe in an end, ms; default 1500 (LiveKit's `maxDelay`: 2500). */
  doubtfulMs: number;
  /** The least wait where the words call for more ("I would like a table for"), ms; default 1500, 0 leaves the words out of it. */
  incompleteMs: number;
  /**
   * How sure the speech-to-text must be of the last words for `incompleteMs` to be waited in full, 0 to 1; default 0.8. Of less
   * sure words, so much less of it is waited for. 0 believes all words; engines that do not tell are believed.
   */
  incompleteConfidence: number;
}

/**
 * 0.36 is LiveKit's own threshold for English: above it both commit as soon as they may. Below it LiveKit waits 2500 ms
 * however near the probability is; here the wait grows from there, slowly first: just below the threshold the model is as
 * good as sure. 256 ms is the VAD's floor. `incompleteMs` outlasts the 1.2 s
 * for which people look for a word. What these cost and bring: docs/endpointing.md.
 */
export const DEFAULT_ENDPOINTING: EndpointingOptions = {
  sure: 0.36,
  doubtful: 0.1,
  sureMs: 256,
  doubtfulMs: 1500,
  incompleteMs: 1500,
  incompleteConfidence: 0.8,
};

/** What is known of a pause. */
export interface PauseEvidence {
  /** What the end-of-turn model says, 0 to 1; `undefined` where it failed. */
  probability: number | undefined;
  /** How the turn's words end; `undefined` where they are not known. */
  ending?: UtteranceEnding | undefined;
  /** How sure the speech-to-text is of the last words, 0 to 1; `undefined` where it does not tell. */
  confidence?: number | undefined;
}

/** How long to wait, ms since the last sound. Never longer for a higher probability; always within the options' waits. */
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
