import { baseLanguage } from '../words/languages.js';
import { BAND_LOG_ODDS, CALIBRATIONS, type PlattFit } from './calibration-data.js';

/** The frequency band of the caller's line: up to 4 kHz (telephone), or more. */
export type AudioBand = 'telephone' | 'wide';

/** What an end-of-turn probability comes from. */
export interface ProbabilitySource {
  /** Name of the model or detector, such as `turn-detector-v1-mini`. */
  model: string;
  /** Absent if it is not known. */
  band?: AudioBand | undefined;
  /** Language of the caller, such as `en` or `en-US`; absent if it is not known. */
  language?: string | undefined;
  /**
   * Where the model's maker takes the turn for over, between 0 and 1. Only used for a model without a calibration: an answer
   * there then counts as 0.5.
   */
  threshold?: number | undefined;
}

/** Probabilities are taken as no surer than this: log odds of 0 and 1 are infinite. */
const SUREST = 0.999;

/** Log odds of a probability, bounded at ±6.9. */
export function logOdds(probability: number): number {
  const bounded = Math.min(SUREST, Math.max(1 - SUREST, probability));
  return Math.log(bounded / (1 - bounded));
}

/** The probability with these log odds. */
export const fromLogOdds = (odds: number): number => 1 / (1 + Math.exp(-odds));

function fitOf({ model, band }: ProbabilitySource): PlattFit | undefined {
  const calibration = CALIBRATIONS[model];
  return calibration && ((band && calibration[band]) ?? calibration.any);
}

/**
 * Calibrates the answer of an end-of-turn model: returns the share of silences with such an answer that were ends of turns,
 * if ends and pauses inside turns are equally frequent. Without calibration, 0.7 of one model means 0.4 of another, and
 * answers on telephone speech are too low.
 *
 * A logistic calibration (Platt, 1999) per model and band; `calibration-data.ts` has the numbers and where they come from.
 *
 * @param probability the model's own answer, 0 to 1
 * @returns 0 to 1; `probability` itself for a model without a calibration or threshold
 */
export function calibrated(probability: number, source: ProbabilitySource): number {
  const fit = fitOf(source);
  if (!fit) return fromThreshold(probability, source.threshold);
  const language = baseLanguage(source.language);
  const shift = (language && CALIBRATIONS[source.model]?.languages?.[language]) || 0;
  const byBand = source.band ? BAND_LOG_ODDS[source.band] : 0;
  return fromLogOdds(fit.slope * (logOdds(probability) + shift) + fit.offset + byBand);
}

function fromThreshold(probability: number, threshold = 0.5): number {
  const isNeutral = threshold === 0.5 || !(threshold > 0 && threshold < 1);
  return isNeutral ? probability : fromLogOdds(logOdds(probability) - logOdds(threshold));
}
