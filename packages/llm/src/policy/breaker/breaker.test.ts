import { expect, test } from 'vitest';
import {
  admission,
  afterFailure,
  afterNoVerdict,
  afterSend,
  afterSuccess,
  type Breaker,
  CLOSED,
  DEFAULT_BREAKER,
  type Failure,
} from './breaker.js';

const fails = (breaker: Breaker, nowMs: number, kind: Failure = 'failed') =>
  afterFailure(breaker, { nowMs, kind }, DEFAULT_BREAKER);

const opened = () => [0, 1, 2].reduce((breaker, nowMs) => fails(breaker, nowMs), CLOSED);

test('three failures in a row open it, two do not', () => {
  expect(admission(fails(fails(CLOSED, 0), 1), 2)).toBe('allow');
  expect(admission(opened(), 3)).toBe('block');
});

test('late answers count half', () => {
  const late = (breaker: Breaker) => fails(breaker, 0, 'late');
  const five = [1, 2, 3, 4, 5].reduce(late, CLOSED);
  expect(admission(five, 1)).toBe('allow');
  expect(admission(late(five), 1)).toBe('block');
});

test('a success between failures resets the count', () => {
  expect(admission(fails(fails(CLOSED, 0), 1), 2)).toBe('allow');
  expect(admission(fails(fails(afterSuccess(), 2), 3), 4)).toBe('allow');
  expect(admission(fails(fails(fails(afterSuccess(), 2), 3), 4), 5)).toBe('block');
});

test('after the open time it allows one probe at a time', () => {
  const rested = opened();
  expect(admission(rested, 5_002)).toBe('probe');
  expect(admission(afterSend(rested, 5_002, DEFAULT_BREAKER), 5_002)).toBe('block');
});

test('a failed probe doubles the open time, up to the maximum', () => {
  let breaker = opened();
  const rests: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    const nowMs = (breaker as { untilMs: number }).untilMs;
    breaker = fails(afterSend(breaker, nowMs, DEFAULT_BREAKER), nowMs);
    rests.push((breaker as { untilMs: number }).untilMs - nowMs);
  }
  expect(rests).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
});

test('a probe without a result may be repeated at once', () => {
  const probing = afterSend(opened(), 6_000, DEFAULT_BREAKER);
  expect(admission(afterNoVerdict(probing, 6_100), 6_100)).toBe('probe');
});

test('a probe whose result is never recorded does not block the model for ever', () => {
  const probing = afterSend(opened(), 6_000, DEFAULT_BREAKER);
  expect(admission(probing, 65_999)).toBe('block');
  expect(admission(probing, 66_000)).toBe('probe');
});

test('a permanent failure opens it at once, for the longest time', () => {
  const breaker = fails(CLOSED, 0, 'permanent');
  expect(admission(breaker, 59_999)).toBe('block');
  expect(admission(breaker, 60_000)).toBe('probe');
});
