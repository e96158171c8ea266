import { expect, it } from 'vitest';
import { wilsonInterval } from './wilson.js';

it('computes the interval of a proportion', () => {
  // Published Wilson intervals for 0 of 18 and 9 of 10.
  expect(wilsonInterval(0, 18)[0]).toBe(0);
  expect(wilsonInterval(0, 18)[1]).toBeCloseTo(17.6, 1);
  expect(wilsonInterval(9, 10)[0]).toBeCloseTo(59.6, 1);
  expect(wilsonInterval(9, 10)[1]).toBeCloseTo(98.2, 1);
});
