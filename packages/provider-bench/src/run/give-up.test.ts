import { FirstwordError } from '@firstword/turn';
import { expect, it } from 'vitest';
import { GIVE_UP_AFTER, reasonToGiveUp, type Standing, standingAfter, UNTRIED } from './give-up.js';

const failing = (from: Standing, times: number) =>
  Array.from({ length: times }).reduce<Standing>((standing) => standingAfter(standing, true), from);
const down = new FirstwordError('provider_unavailable', 'x answered 503');

it('gives a wrong key up at once, unless it has worked', () => {
  const auth = new FirstwordError('auth', 'the key was refused: check X_KEY');
  expect(reasonToGiveUp(failing(UNTRIED, 1), auth)).toBe('the key was refused: check X_KEY');
  expect(reasonToGiveUp(failing(standingAfter(UNTRIED, false), 1), auth)).toBeUndefined();
});

it('gives up after many failures in a row, and says whether it ever answered', () => {
  expect(reasonToGiveUp(failing(UNTRIED, GIVE_UP_AFTER - 1), down)).toBeUndefined();
  expect(reasonToGiveUp(failing(UNTRIED, GIVE_UP_AFTER), down)).toMatch(/never answered.*503/);
  const once = standingAfter(UNTRIED, false);
  expect(reasonToGiveUp(failing(once, GIVE_UP_AFTER), down)).toMatch(/stopped answering after 1 answers/);
});

it('counts anew after an answer', () => {
  const standing = failing(standingAfter(failing(UNTRIED, 9), false), 9);
  expect(reasonToGiveUp(standing, down)).toBeUndefined();
});

it('speaks of the pace where limits were hit throughout', () => {
  const limited = new FirstwordError('rate_limited', 'the rate limit is used up');
  expect(reasonToGiveUp(failing(UNTRIED, GIVE_UP_AFTER), limited)).toMatch(/--pace/);
});
