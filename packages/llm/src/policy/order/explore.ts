import { type ModelHealth, RECENT_SAMPLES } from './order.js';

export interface ExploreState {
  models: ModelHealth[];
  /** Index of the model that answers. */
  primary: number;
  order: 'given' | 'fastest';
  /** Share of requests that may be spent on looking, 0 to 1. */
  budget: number;
  /** A random number, 0 to 1. */
  chance: number;
}

/** A model is known after so many answers, or after as many races as are remembered: one that only loses is known too. */
const ENOUGH_ANSWERS = 3;
const isKnown = ({ recent }: ModelHealth) =>
  recent.length >= RECENT_SAMPLES || recent.filter(({ censored }) => !censored).length >= ENOUGH_ANSWERS;

/**
 * A model to send the same request to, beside the primary, only to learn how fast it is; `undefined` for none. The
 * caller never waits for it: it races. Learned this way: a model whose breaker has rested, and, under `fastest`, models
 * that are new and now and then one that is slower.
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
  // The chance that let this through also says which, evenly.
  return open[Math.floor((chance / budget) * open.length)];
}
