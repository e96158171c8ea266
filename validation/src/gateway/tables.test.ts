import { expect, it } from 'vitest';
import { checkAtMost, checkExactly, textTable } from './tables.js';

const check = (value: number, low: number, high: number) =>
  checkAtMost({ what: 'added p50', limit: 1, measured: { value, low, high }, digits: 1 }).verdict;

it('says whether an interval is on one side of the limit', () => {
  expect(check(0.5, 0.4, 0.6)).toBe('met');
  expect(check(0.9, 0.8, 1.1)).toBe('met, unsure');
  expect(check(1.1, 0.9, 1.2)).toBe('missed, unsure');
  expect(check(1.5, 1.2, 1.8)).toBe('missed');
});

it('treats what was not measured as missed', () => {
  expect(check(Number.NaN, Number.NaN, Number.NaN)).toBe('missed');
  expect(checkExactly('lost', 0, 1).verdict).toBe('missed');
});

it('aligns columns', () => {
  expect(textTable(['arm', 'n'], [['gateway', '5']])).toBe('arm      n\ngateway  5');
});
