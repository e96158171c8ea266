/**
 * P(B ≤ k) for k from 0 to `trials`, B the number of successes of probability `share`. Summed from the smallest term in
 * logarithms: neither 0.99 to the power of 100,000 nor its opposite is lost.
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

/** The argument from 0 to 1 at which a function that falls passes `level`. */
function crossing(falling: (share: number) => number, level: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A share of all, with the interval in which the true one lies. */
export interface Rate {
  count: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/**
 * `count` out of `of`, with the exact 95 % interval (Clopper and Pearson, Biometrika 26(4), 1934).
 * @returns `undefined` where there is nothing to count
 */
export function rate(count: number, of: number): Rate | undefined {
  if (of === 0) return undefined;
  const low = count === 0 ? 0 : crossing((share) => atMost(count - 1, of, share), 0.975);
  const high = count === of ? 1 : crossing((share) => atMost(count, of, share), 0.025);
  return { count, of, share: count / of, low, high };
}

/** Places among n sorted values, from 0. Absent where no value lies that far out. */
export interface Ranks {
  low?: number;
  high?: number;
}

/**
 * Between which two of `count` sorted values a quantile of what they were drawn from lies, with an error of at most
 * `tail` on either side, whatever the distribution (Hahn and Meeker, Statistical Intervals, 1991, 5.2): the number of
 * values below the quantile is binomial.
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
