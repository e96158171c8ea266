import { expect, it } from 'vitest';
import { intervalOf, percentileInterval, RESAMPLES, resamplesOf } from './interval.js';
import { seededRandom, standardNormal } from './random.js';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it('leaves 2.5 % of the resampled statistics beyond either end', () => {
  const drawn = Array.from({ length: 1001 }, (_, at) => 1000 - at);
  expect(percentileInterval(drawn)).toEqual({ low: 25, high: 975 });
  expect(percentileInterval(drawn, 1)).toEqual({ low: 10, high: 990 });
});

it('draws fewer resamples of very many values', () => {
  expect([2, 4_000, 8_000, 1e9].map(resamplesOf)).toEqual([RESAMPLES, RESAMPLES, 500, 40]);
});

it('contains the true mean in about 95 of 100 samples', () => {
  const random = seededRandom(3);
  const samples = Array.from({ length: 200 }, () => Array.from({ length: 60 }, () => standardNormal(random)));
  const holding = samples.filter((sample) => {
    const items = sample.map((value, at) => ({ value, key: String(at) }));
    const of = (drawn: readonly { value: number }[]) => mean(drawn.map(({ value }) => value));
    const { low, high } = intervalOf(items, ({ key }) => key, of, { resamples: 200 })!;
    return low <= 0 && high >= 0;
  });
  expect(holding.length / samples.length).toBeGreaterThan(0.9);
});

it('draws values with the same key together', () => {
  const items = [1, 1, 5, 5].map((value, at) => ({ value, line: String(value), own: String(at) }));
  const width = (keyOf: (item: (typeof items)[number]) => string) => {
    const { low, high } = intervalOf(items, keyOf, (drawn) => mean(drawn.map(({ value }) => value)))!;
    return high - low;
  };
  expect(width(({ line }) => line)).toBe(4);
  expect(width(({ own }) => own)).toBeLessThanOrEqual(4);
  expect(
    intervalOf(
      items,
      () => 'one',
      () => 0,
    ),
  ).toBeUndefined();
});
