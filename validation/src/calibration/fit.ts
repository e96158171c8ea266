import { fromLogOdds, logOdds, type PlattFit } from '@firstword/turn';
import { groupBy } from '@firstword/turn/statistics';
import { foldsOf } from '../endpointing/folds.js';
import type { PauseAnswer } from './answers.js';

const STEPS = 100;
/** Longest step: answers that are all nearly 0 or 1 would send Newton's method far away. */
const MAX_STEP = 0.5;
/** Weight of the fit without an effect (slope 1, offset 0), in answers: with few answers the fit stays near it. */
const PRIOR_ANSWERS = 2;
const FOLDS = 10;

type Labelled = Pick<PauseAnswer, 'probability' | 'end'>;
type Weighted = { odds: number; end: number; weight: number };

/** Ends and pauses weigh the same. */
function weighted(answers: readonly Labelled[]): Weighted[] {
  const ends = answers.filter(({ end }) => end).length;
  return answers.map(({ probability, end }) => ({
    odds: logOdds(probability),
    end: end ? 1 : 0,
    weight: answers.length / 2 / (end ? ends : answers.length - ends),
  }));
}

/** Logistic regression of ends on log odds (Newton's method). */
export function fitPlatt(answers: readonly Labelled[]): PlattFit {
  const points = weighted(answers);
  let [slope, offset] = [1, 0];
  for (let step = 0; step < STEPS; step += 1) {
    // Gradient and Hessian of the negative log likelihood and the prior.
    let [gs, go] = [PRIOR_ANSWERS * (slope - 1), PRIOR_ANSWERS * offset];
    let [ss, so, oo] = [PRIOR_ANSWERS, 0, PRIOR_ANSWERS];
    for (const { odds, end, weight } of points) {
      const p = fromLogOdds(slope * odds + offset);
      const [error, spread] = [weight * (p - end), weight * p * (1 - p)];
      gs += error * odds;
      go += error;
      ss += spread * odds * odds;
      so += spread * odds;
      oo += spread;
    }
    const determinant = ss * oo - so * so;
    slope -= bounded((oo * gs - so * go) / determinant);
    offset -= bounded((ss * go - so * gs) / determinant);
  }
  return { slope, offset };
}

const bounded = (step: number) => Math.max(-MAX_STEP, Math.min(MAX_STEP, step));

/** The calibrated probabilities of answers, each from a fit to other speakers. */
export function heldOut<Answer extends Labelled & { speaker: string }>(answers: readonly Answer[]): Answer[] {
  const foldOf = foldsOf(
    answers.map(({ speaker }) => speaker),
    FOLDS,
  );
  return [...groupBy(answers, ({ speaker }) => foldOf.get(speaker)).entries()].flatMap(([fold, held]) => {
    const { slope, offset } = fitPlatt(answers.filter(({ speaker }) => foldOf.get(speaker) !== fold));
    return held.map((answer) => ({
      ...answer,
      probability: fromLogOdds(slope * logOdds(answer.probability) + offset),
    }));
  });
}

/** Mean log loss in bits, each class weighing the same. 1 is a model that knows nothing; more is worse than that. */
export function logLoss(answers: readonly Labelled[]): number {
  const points = weighted(answers);
  const total = points.reduce((sum, { odds, end, weight }) => {
    const p = fromLogOdds(odds);
    return sum - weight * Math.log2(end ? p : 1 - p);
  }, 0);
  return total / answers.length;
}
