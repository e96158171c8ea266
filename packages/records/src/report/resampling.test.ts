import { expect, it } from 'vitest';
import { distribution } from './distribution.js';
import { percentile } from './percentile.js';
import { resampledRanks } from './resampling.js';

const skewed = (count: number) => Array.from({ length: count }, (_, at) => 500 + 1000 * (at / count) ** 6);

/** The value at a rank between two values, in proportion. */
const at = (sorted: readonly number[], rank: number) =>
  percentile(sorted, (100 * rank) / (sorted.length - 1));

it.each([
  [40, 50],
  [40, 95],
  [300, 50],
  [300, 95],
  [300, 99],
])('draws what resampling %i values draws, at p%i', (count, percent) => {
  const sorted = skewed(count);
  const drawn = distribution(sorted, { resamples: 4000 })!;
  const slow = { 50: drawn.p50, 95: drawn.p95, 99: drawn.p99 }[percent]!;
  const quick = resampledRanks(count, percent, { resamples: 4000 })
    .map((rank) => at(sorted, rank))
    .sort((a, b) => a - b);
  const width = slow.highMs! - slow.lowMs!;
  expect(Math.abs(percentile(quick, 2.5) - slow.lowMs!)).toBeLessThan(0.12 * width);
  expect(Math.abs(percentile(quick, 97.5) - slow.highMs!)).toBeLessThan(0.12 * width);
});

it('stays within the ranks there are, also of one value and at the ends', () => {
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

it('costs a million turns no more than ten, and narrows with them', () => {
  const spread = (count: number) => {
    const ranks = resampledRanks(count, 95).map((rank) => rank / (count - 1));
    return Math.max(...ranks) - Math.min(...ranks);
  };
  expect(spread(1_000_000)).toBeLessThan(spread(10_000) / 5);
});
