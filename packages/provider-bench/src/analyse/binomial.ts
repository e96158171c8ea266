/**
 * The binomial CDF P(B ≤ k) for k from 0 to `trials`, with success probability `share`. Terms are computed as logarithms,
 * because 0.99 to the power of 100,000 would underflow.
 */
function cumulative(trials: number, share: number): Float64Array {
  const sums = new Float64Array(trials + 1);
  if (share <= 0) return sums.fill(1);
  if (share >= 1) {
    sums[trials] = 1;
    return sums;
  }
  const odds = Math.log(share) - Math.log1p(-share);
  let term = trials * Math.log1p(-share);
  let sum = 0;
  for (let k = 0; k <= trials; k += 1) {
    sum += Math.exp(term);
    sums[k] = Math.min(1, sum);
    term += Math.log((trials - k) / (k + 1)) + odds;
  }
  return sums;
}

const atMost = (k: number, trials: number, share: number) => (k < 0 ? 0 : cumulative(trials, share)[k]!);

/** The argument in [0, 1] at which a decreasing function crosses `level`, by bisection. */
function crossing(falling: (share: number) => number, level: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A rate `count / of` with its exact 95 % interval; `share`, `low` and `high` are 0 to 1. */
export interface Rate {
  count: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/**
 * The rate `count / of` with its exact 95 % interval (Clopper and Pearson, Biometrika 26(4), 1934).
 * @returns `undefined` where `of` is 0
 */
export function rate(count: number, of: number): Rate | undefined {
  if (of === 0) return undefined;
  const low = count === 0 ? 0 : crossing((share) => atMost(count - 1, of, share), 0.975);
  const high = count === of ? 1 : crossing((share) => atMost(count, of, share), 0.025);
  return { count, of, share: count / of, low, high };
}

/** Indices into n sorted values, from 0. A bound is absent where the sample is too small for it. */
export interface Ranks {
  low?: number;
  high?: number;
}

/**
 * The distribution-free confidence interval of a quantile, as ranks among `count` sorted values, with an error of at most
 * `tail` on either side (Hahn and Meeker, Statistical Intervals, 1991, 5.2). It follows from the number of values below
 * the quantile being binomial.
 * @param quantile 0 to 1
 */
export function quantileRanks(count: number, quantile: number, tail: number): Ranks {
  const below = cumulative(count, quantile);
  const ranks: Ranks = {};
  for (let k = 0; k < count; k += 1) {
    if (below[k]! <= tail) ranks.low = k;
    if (below[k]! >= 1 - tail) return { ...ranks, high: k };
  }
  return ranks;
}
