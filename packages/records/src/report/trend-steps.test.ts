import { expect, it } from 'vitest';
import { stepStart, stepText } from './trend-steps.js';

it.each([
  ['hour', '2026-11-30T18:00:00Z'],
  ['day', '2026-11-30T00:00:00Z'],
  ['month', '2026-11-01T00:00:00Z'],
] as const)('a step of a %s begins where the clock does, UTC', (unit, start) => {
  expect(stepText(stepStart(Date.parse('2026-11-30T18:59:59.999Z'), unit))).toBe(start);
  expect(stepText(stepStart(Date.parse(start), unit))).toBe(start);
});

it('steps before 1970 begin before their times', () => {
  expect(stepText(stepStart(-1, 'day'))).toBe('1969-12-31T00:00:00Z');
  expect(stepText(stepStart(-1, 'month'))).toBe('1969-12-01T00:00:00Z');
});
