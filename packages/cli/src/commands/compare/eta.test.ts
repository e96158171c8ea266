import { expect, it } from 'vitest';
import { timeLeft } from './eta.js';

it('claims nothing before a call is over', () => {
  expect(timeLeft(0, 12, 5_000)).toBe('time left unknown');
});

it('goes by the calls so far, in seconds and then in minutes', () => {
  expect(timeLeft(2, 4, 60_000)).toBe('60 s left');
  expect(timeLeft(2, 12, 60_000)).toBe('5 min left');
});
