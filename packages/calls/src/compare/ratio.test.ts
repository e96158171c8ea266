import { expect, it } from 'vitest';
import { type GapPair, pairedRatio } from './ratio.js';

const pairs = (count: number, otherOf: (baseMs: number) => number): GapPair[] =>
  Array.from({ length: count }, (_, i) => {
    const baseMs = 800 + 60 * i;
    return { line: `line ${i}`, baseMs, otherMs: otherOf(baseMs) };
  });

it('is exact where every line has the same ratio', () => {
  const found = pairedRatio(
    pairs(20, (ms) => ms / 2),
    95,
  )!;
  for (const value of [found.ratio, found.low!, found.high!]) expect(value).toBeCloseTo(0.5, 10);
});

it('lies within its interval, which depends only on the seed', () => {
  const mixed = pairs(20, (ms) => (ms % 120 === 80 ? ms / 3 : ms));
  const found = pairedRatio(mixed, 50, { seed: 3 })!;
  expect(found.low).toBeLessThan(found.ratio);
  expect(found.high).toBeGreaterThan(found.ratio);
  expect(pairedRatio(mixed, 50, { seed: 3 })).toEqual(found);
});

it('has no interval for a single line, however often it was repeated', () => {
  const again = Array.from({ length: 5 }, (_, i) => ({ line: 'a', baseMs: 1000, otherMs: 500 + i }));
  expect(pairedRatio(again, 50)).toEqual({ ratio: 0.502 });
  expect(pairedRatio([], 50)).toBeUndefined();
});
