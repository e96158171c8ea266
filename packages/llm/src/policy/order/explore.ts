import { type ModelHealth, RECENT_SAMPLES } from './order.js';

/** Input of `modelToExplore`. */
export interface ExploreState {
  models: ModelHealth[];
  /** Index of the model that answers. */
  primary: number;
  order: 'given' | 'fastest';
  /** Share of requests that may be spent on measuring, 0 to 1. */
  budget: number;
  /** A random number, 0 to 1. */
  chance: number;
}

/** Answers after which a model counts as measured. A full window of lost races counts as measured too. */
const ENOUGH_ANSWERS = 3;
const isKnown = ({ recent }: ModelHealth) =>
  recent.length >= RECENT_SAMPLES || recent.filter(({ censored }) => !censored).length >= ENOUGH_ANSWERS;

/**
 * A model to send the same request to as well, only to measure it; `undefined` for none. The caller never waits for
 * it. Chosen: a model whose breaker is ready for a probe, and under `fastest` also models without measurements and,
 * now and then, a slower one.
 */
export function modelToExplore(state: ExploreState): number | undefined {
  const { models, primary, order, budget, chance } = state;
  const others = models
    .map((_, index) => index)
    .filter((index) => index !== primary && !models[index]!.rateLimited);
  const rested = others.find((index) => models[index]!.admission === 'probe');
  if (rested !== undefined) return rested;
  if (order !== 'fastest') return undefined;
  const open = others.filter((index) => models[index]!.admission === 'allow');
  const unknown = open.find((index) => !isKnown(models[index]!));
  if (unknown !== undefined) return unknown;
  if (open.length === 0 || chance >= budget) return undefined;
  // The random number that allowed the exploration also selects the model, uniformly.
  return open[Math.floor((chance / budget) * open.length)];
}
