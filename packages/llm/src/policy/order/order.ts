import { productLimit } from '../latency/product-limit.js';
import type { LatencySample } from '../latency/window.js';

/** The health of one model: the input for ordering and hedging, in the order of the user's list. */
export interface ModelHealth {
  provider: string;
  /** Recent times to first content, oldest first. */
  recent: LatencySample[];
  /** What its circuit breaker lets through. */
  admission: 'allow' | 'probe' | 'block';
  /** Its rate limit would probably refuse this request. */
  rateLimited: boolean;
}

/** Number of recent samples. Small enough that three slow answers move a session to another model. */
export const RECENT_SAMPLES = 5;

/**
 * Median of the recent samples, ms; infinity where too many races were lost too early to estimate it. `undefined`
 * without samples.
 */
export function recentSpeedMs(recent: LatencySample[]): number | undefined {
  if (recent.length === 0) return undefined;
  const sorted = [...recent].sort((a, b) => a.ms - b.ms || Number(a.censored) - Number(b.censored));
  const [times, censored] = [sorted.map(({ ms }) => ms), sorted.map((sample) => sample.censored)];
  return productLimit(times, censored, 0.5) ?? Number.POSITIVE_INFINITY;
}

/** 0: healthy. 1: rate limited. 2: breaker open. The latter two remain as a last resort. */
function rank({ admission, rateLimited }: ModelHealth): number {
  if (admission !== 'allow') return 2;
  return rateLimited ? 1 : 0;
}

/**
 * Model indices in the order in which to try them. `given` keeps the user's order among equally healthy models;
 * `fastest` sorts those by recent speed, models without measurements last.
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
 * Sorts the candidates for a hedge: other providers first. If both models share a provider, what slows one often
 * slows the other, which halves the gain.
 */
export function preferOtherProvider(candidates: number[], health: ModelHealth[], provider: string): number[] {
  const other = (index: number) => (health[index]!.provider === provider ? 1 : 0);
  return [...candidates].sort((a, b) => other(a) - other(b));
}
