import type { UtteranceEnding } from './utterance-ending.js';

/** How long to wait after the caller's last speech sample before the turn is committed. */
export interface EndpointingOptions {
  /** End-of-turn probability from which the wait is `sureMs`, 0 to 1; default 0.7. */
  sure: number;
  /**
   * Probability up to which the wait is `doubtfulMs`, 0 to 1; default 0.1. Between the two the wait rises in proportion as
   * the probability falls.
   */
  doubtful: number;
  /**
   * The shortest wait, ms; default 256. LiveKit's VAD needs 256 ms to detect the end of speech, so a smaller value has
   * no effect.
   */
  sureMs: number;
  /** The wait if the model considers the turn unfinished, ms; default 1200 (LiveKit's `maxDelay`: 2500). */
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

/** Named endpointing options: points on the curve of waits against cut-offs. */
export type EndpointingPreset = 'quick' | 'balanced' | 'careful';

const SHARED = { sureMs: 256, incompleteMs: 1500, incompleteConfidence: 0.8 };

/**
 * Chosen on recordings of people (docs/endpointing.md has the waits and cut-offs of each): `balanced` takes about as many pauses
 * for the end as LiveKit's delays do, `quick` more, `careful` about half as many. 256 ms is the shortest delay of LiveKit's VAD.
 */
export const ENDPOINTING_PRESETS: Readonly<Record<EndpointingPreset, EndpointingOptions>> = {
  quick: { ...SHARED, sure: 0.5, doubtful: 0.1, doubtfulMs: 1200 },
  balanced: { ...SHARED, sure: 0.7, doubtful: 0.1, doubtfulMs: 1200 },
  careful: { ...SHARED, sure: 0.8, doubtful: 0.4, doubtfulMs: 1400 },
};

/** The default endpointing options: the preset `balanced`. */
export const DEFAULT_ENDPOINTING: EndpointingOptions = ENDPOINTING_PRESETS.balanced;

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
  const waitMs = sureMs + doubt * (doubtfulMs - sureMs);
  const believed = confidence >= incompleteConfidence ? 1 : confidence / incompleteConfidence;
  return ending === 'incomplete' ? Math.max(waitMs, incompleteMs * believed) : waitMs;
}
