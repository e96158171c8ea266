import { FirstwordError } from '@firstword/turn';
import { expect, it } from 'vitest';
import {
  ABANDON_AFTER_FAILURES,
  healthAfter,
  reasonToAbandon,
  type TargetHealth,
  UNTRIED,
} from './target-health.js';

const failing = (from: TargetHealth, times: number) =>
  Array.from({ length: times }).reduce<TargetHealth>((health) => healthAfter(health, true), from);
const down = new FirstwordError('provider_unavailable', 'x answered 503');

it('abandons a target with a wrong key at once, unless the key has worked before', () => {
  const auth = new FirstwordError('auth', 'the key was refused: check X_KEY');
  expect(reasonToAbandon(failing(UNTRIED, 1), auth)).toBe('the key was refused: check X_KEY');
  expect(reasonToAbandon(failing(healthAfter(UNTRIED, false), 1), auth)).toBeUndefined();
});

it('abandons a target after many failures in a row, and says whether it ever answered', () => {
  expect(reasonToAbandon(failing(UNTRIED, ABANDON_AFTER_FAILURES - 1), down)).toBeUndefined();
  expect(reasonToAbandon(failing(UNTRIED, ABANDON_AFTER_FAILURES), down)).toMatch(/never answered.*503/);
  const once = healthAfter(UNTRIED, false);
  expect(reasonToAbandon(failing(once, ABANDON_AFTER_FAILURES), down)).toMatch(
    /stopped answering after 1 answers/,
  );
});

it('resets the count after an answer', () => {
  const health = failing(healthAfter(failing(UNTRIED, 9), false), 9);
  expect(reasonToAbandon(health, down)).toBeUndefined();
});

it('suggests a lower pace where rate limits were hit throughout', () => {
  const limited = new FirstwordError('rate_limited', 'the rate limit is used up');
  expect(reasonToAbandon(failing(UNTRIED, ABANDON_AFTER_FAILURES), limited)).toMatch(/--pace/);
});
