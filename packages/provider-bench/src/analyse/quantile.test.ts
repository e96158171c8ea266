import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileRanks, rate } from './binomial.js';
import { estimateOf, percentilesOf, samplesToClose } from './quantile.js';

const counting = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe('the interval of a quantile', () => {
  it('has the published ranks: the median of 100 lies between the 40th and the 61st value', () => {
    // Hahn and Meeker, table A.15a: 40 and 61 for n = 100, 95 %.
    expect(quantileRanks(100, 0.5, 0.025)).toEqual({ low: 39, high: 60 });
  });

  it.each([
    [99, 0.025, 368],
    [95, 0.025, 72],
  ])('at p%i and a tail of %d has an upper end from %i values on', (percent, tail, first) => {
    expect(quantileRanks(first - 1, percent / 100, tail).high).toBeUndefined();
    expect(quantileRanks(first, percent / 100, tail).high).toBe(first - 1);
  });

  it('is open for too few values, and closed from samplesToClose on', () => {
    for (const percent of [50, 90, 95, 99] as const) {
      const enough = samplesToClose(percent);
      expect(estimateOf(counting(enough), percent).highMs).toBeDefined();
      expect(estimateOf(counting(enough - 1), percent).highMs).toBeUndefined();
    }
    expect([samplesToClose(95), samplesToClose(99)]).toEqual([99, 505]);
  });

  it('contains the estimate for any values', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, (all) => {
        const found = percentilesOf(all)!;
        for (const { valueMs, lowMs = valueMs, highMs = valueMs } of [
          found.p50,
          found.p90,
          found.p95,
          found.p99,
        ]) {
          expect(lowMs).toBeLessThanOrEqual(valueMs);
          expect(highMs).toBeGreaterThanOrEqual(valueMs);
        }
      }),
    );
  });

  it('stays accurate for a hundred thousand values', () => {
    const { low, high } = quantileRanks(100_000, 0.99, 0.00625);
    // The normal approximation: 2.4977 standard deviations of 31.5.
    expect(low! / 98_921).toBeCloseTo(1, 4);
    expect(high! / 99_078).toBeCloseTo(1, 4);
  });
});

describe('a rate', () => {
  it('has the exact interval', () => {
    // Clopper and Pearson's own example: none of ten, and one of ten.
    expect(rate(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.3085, 4) });
    expect(rate(1, 10)).toMatchObject({ low: expect.closeTo(0.0025, 4), high: expect.closeTo(0.445, 4) });
    expect(rate(10, 10)).toMatchObject({ low: expect.closeTo(0.6915, 4), high: 1 });
    expect(rate(0, 0)).toBeUndefined();
  });
});
