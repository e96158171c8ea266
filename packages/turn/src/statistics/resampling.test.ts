import { expect, it } from 'vitest';
import { percentileInterval } from './interval.js';
import { ascending, percentile } from './percentile.js';
import { seededRandom } from './random.js';
import { resampledRanks } from './resampling.js';

const RESAMPLES = 4000;

const skewed = (count: number) => Array.from({ length: count }, (_, at) => 500 + 1000 * (at / count) ** 6);

/** The value at a rank between two values, in proportion. */
const at = (sorted: readonly number[], rank: number) =>
  percentile(sorted, (100 * rank) / (sorted.length - 1));

/** The same percentile of whole resamples, each value drawn. */
function drawn(sorted: readonly number[], percent: number): number[] {
  const random = seededRandom(1);
  const draw = () => ascending(sorted.map(() => sorted[random.integer(0, sorted.length - 1)]!));
  return Array.from({ length: RESAMPLES }, () => percentile(draw(), percent));
}

it.each([
  [40, 50],
  [40, 95],
  [300, 50],
  [300, 95],
  [300, 99],
])('has the distribution of resampling %i values, at p%i', (count, percent) => {
  const sorted = skewed(count);
  const slow = percentileInterval(drawn(sorted, percent));
  const ranks = resampledRanks(count, percent, { resamples: RESAMPLES });
  const quick = percentileInterval(ranks.map((rank) => at(sorted, rank)));
  const width = slow.high - slow.low;
  expect(Math.abs(quick.low - slow.low)).toBeLessThan(0.12 * width);
  expect(Math.abs(quick.high - slow.high)).toBeLessThan(0.12 * width);
});

it('stays within the valid ranks, also for one value and at the ends', () => {
  for (const [count, percent] of [
    [1, 50],
    [2, 99],
    [5, 0],
    [5, 100],
  ] as const) {
    for (const rank of resampledRanks(count, percent)) {
      expect(rank).toBeGreaterThanOrEqual(0);
      expect(rank).toBeLessThanOrEqual(count - 1);
    }
  }
});

it('spreads less for more turns, up to a million', () => {
  const spread = (count: number) => {
    const ranks = resampledRanks(count, 95).map((rank) => rank / (count - 1));
    return Math.max(...ranks) - Math.min(...ranks);
  };
  expect(spread(1_000_000)).toBeLessThan(spread(10_000) / 5);
});
