import { expect, it } from 'vitest';
import { ascending, median, percentile } from './percentile.js';

it('sorts as numbers, not as text, and does not change the input', () => {
  const values = [10, 9, 100, -1];
  expect(ascending(values)).toEqual([-1, 9, 10, 100]);
  expect(values).toEqual([10, 9, 100, -1]);
});

it('interpolates between the two nearest values (type 7)', () => {
  // numpy.percentile([1, 2, 3, 4], [25, 50, 95])
  expect([25, 50, 95].map((percent) => percentile([1, 2, 3, 4], percent))).toEqual([
    1.75, 2.5, 3.8499999999999996,
  ]);
  expect([0, 100].map((percent) => percentile([1, 2, 3, 4], percent))).toEqual([1, 4]);
  expect([0, 25, 50, 90, 100].map((p) => percentile([10, 20, 30, 40], p))).toEqual([10, 17.5, 25, 37, 40]);
  expect(percentile([5], 99)).toBe(5);
});

it('has a median of any values, and none of no values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeUndefined();
});
