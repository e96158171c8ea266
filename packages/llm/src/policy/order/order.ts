import { productLimit } from '../latency/product-limit.js';
import type { LatencySample } from '../latency/window.js';

/** What the order is decided on, one entry per model, in the order given by the user. */
export interface ModelHealth {
  provider: string;
  /** The last few times to first content, oldest first. */
  recent: LatencySample[];
  admission: 'allow' | 'probe' | 'block';
  /** Its rate limit would refuse this request. */
  rateLimited: boolean;
}

/** Few enough that three slow answers move a session away. */
export const RECENT_SAMPLES = 5;

/**
 * What half of the next answers take at most, ms, by the recent samples; endless where races were lost too early and too
 * often to tell. `undefined` when nothing is known.
 */
export function recentSpeedMs(recent: LatencySample[]): number | undefined {
  if (recent.length === 0) return undefined;
  const sorted = [...recent].sort((a, b) => a.ms - b.ms || Number(a.censored) - Number(b.censored));
  const [times, censored] = [sorted.map(({ ms }) => ms), sorted.map((sample) => sample.censored)];
  return productLimit(times, censored, 0.5) ?? Number.POSITIVE_INFINITY;
}

/** 0: fit to answer. 1: its limit is used up. 2: its breaker is open. Worse ones are still a last resort. */
function rank({ admission, rateLimited }: ModelHealth): number {
  if (admission !== 'allow') return 2;
  return rateLimited ? 1 : 0;
}

/**
 * Indices of the models in the order in which to try them. `given` keeps the user's order among equally fit models;
 * `fastest` sorts them by recent speed, unknown ones last.
 */
export function orderModels(health: ModelHealth[], order: 'given' | 'fastest'): number[] {
  const speed =
    order === 'fastest'
      ? health.map(({ recent }) => recentSpeedMs(recent) ?? Number.POSITIVE_INFINITY)
      : undefined;
  const bySpeed = (a: number, b: number) => (speed![a] === speed![b] ? 0 : speed![a]! - speed![b]!);
  return health
    .map((_, index) => index)
    .sort((a, b) => rank(health[a]!) - rank(health[b]!) || (speed ? bySpeed(a, b) : 0) || a - b);
}

/**
 * The candidates left for a hedge, another provider's before the same provider's: slowness that both share halves what
 * a hedge gains.
 */
export function preferOtherProvider(candidates: number[], health: ModelHealth[], provider: string): number[] {
  const other = (index: number) => (health[index]!.provider === provider ? 1 : 0);
  return [...candidates].sort((a, b) => other(a) - other(b));
}
