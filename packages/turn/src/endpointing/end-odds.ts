import { fromLogOdds, logOdds } from './calibration.js';
import type { UtteranceEnding } from './utterance-ending.js';

/** What is known about a pause. */
export interface PauseEvidence {
  /** End-of-turn probability from the model, 0 to 1, calibrated; `undefined` if the model has not answered. */
  probability: number | undefined;
  /** How the turn's words end; `undefined` if they are not known. */
  ending?: UtteranceEnding | undefined;
  /** STT confidence in the last words, 0 to 1; `undefined` if the engine reports none. */
  confidence?: number | undefined;
}

/**
 * Combines several answers of a model about one pause: their mean in log odds.
 * @returns 0 to 1; `undefined` without answers
 */
export function meanProbability(probabilities: readonly number[]): number | undefined {
  if (probabilities.length < 2) return probabilities[0];
  const sum = probabilities.reduce((total, probability) => total + logOdds(probability), 0);
  return fromLogOdds(sum / probabilities.length);
}

/** Log odds without an answer of the model: of the pauses and ends that a session meets, about half are ends. */
const UNKNOWN = 0;

/**
 * What the words add to the log odds. Fitted by logistic regression, beside the model's answers, to 213 ends and 135 pauses of
 * people, on the telephone and in rooms (docs/measurements/endpointing.md). Not fitted: `incomplete`, which was -0.4
 * on the telephone, where the embedded STT mishears such words; and `answered`, for which there are no recordings.
 */
const ENDING_LOG_ODDS: Readonly<Record<UtteranceEnding, number>> = {
  answered: 2,
  question: 2,
  closing: 1.4,
  complete: 0,
  list: -0.5,
  acknowledgement: -1.2,
  incomplete: -1.5,
};

/** From this STT confidence on, words count in full, 0 to 1; below it, in proportion. */
const TRUSTED_CONFIDENCE = 0.8;

/** Log odds that the turn is over, at the start of the pause. */
export function endLogOdds({ probability, ending, confidence = 1 }: PauseEvidence): number {
  const byModel = probability === undefined ? UNKNOWN : logOdds(probability);
  const trust = Math.min(1, confidence / TRUSTED_CONFIDENCE);
  return byModel + (ending === undefined ? 0 : trust * ENDING_LOG_ODDS[ending]);
}

/** Probability that the turn is over, at the start of the pause, 0 to 1. */
export const endProbability = (evidence: PauseEvidence): number => fromLogOdds(endLogOdds(evidence));
