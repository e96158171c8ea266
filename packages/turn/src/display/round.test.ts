import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundMs, roundPercent } from './round.js';

it.each([
  [1, 1],
  [0.999, 1],
  [0.25, 0.3],
  [0.04, 0],
  [9.94, 9.9],
  [9.96, 10],
  [10.4, 10],
  [741.6, 742],
  [-0.04, 0],
  [-9.96, -10],
])('rounds %d ms to %d', (ms, shown) => {
  expect(roundMs(ms)).toBe(shown);
});

it('never shows more than one decimal, and changes a value by half a step at most', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), (ms) => {
      const shown = roundMs(ms);
      expect(String(shown)).toMatch(/^-?\d+(\.\d)?$/);
      expect(Math.abs(shown - ms)).toBeLessThanOrEqual(Math.abs(ms) < 10 ? 0.050001 : 0.500001);
    }),
  );
});

it.each([
  [0, 0],
  [0.03, 3],
  [0.0349, 3.5],
  [0.0996, 10],
  [0.354, 35],
])('shows a share of %d as %d %%', (share, shown) => {
  expect(roundPercent(share)).toBe(shown);
});
