import { expect, test } from 'vitest';
import { type AttemptState, type FailoverState, nextAttempt } from './next-attempt.js';

const next = (attempts: AttemptState[], fields: Partial<FailoverState> = {}) =>
  nextAttempt({ order: [0, 1], attempts, nowMs: 1_000, maxAttempts: 4, maxWaitMs: 2_000, ...fields });

const failed = (model: number, fields: Partial<AttemptState> = {}): AttemptState => ({
  model,
  state: 'failed',
  retryable: true,
  endedMs: 1_000,
  ...fields,
});

test('an untried model comes first', () => {
  expect(next([failed(0)])).toEqual({ do: 'launch', model: 1 });
});

test('starts nothing while an attempt is running and not late', () => {
  expect(next([failed(0), { model: 1, state: 'running' }])).toEqual({ do: 'nothing' });
});

test('does not wait for a late attempt', () => {
  expect(next([{ model: 0, state: 'late' }])).toEqual({ do: 'launch', model: 1 });
});

test('when all models have been tried, retries the one that is available soonest', () => {
  const attempts = [failed(0, { retryAfterMs: 1_500 }), failed(1, { endedMs: 950 })];
  expect(next(attempts)).toEqual({ do: 'wait', untilMs: 1_050 });
  expect(next(attempts, { nowMs: 1_050 })).toEqual({ do: 'launch', model: 1 });
});

test('honours retry-after, but does not wait if it is too long', () => {
  expect(next([failed(0, { retryAfterMs: 1_500 })], { order: [0] })).toEqual({ do: 'wait', untilMs: 2_500 });
  expect(next([failed(0, { retryAfterMs: 60_000 })], { order: [0] })).toEqual({ do: 'nothing' });
});

test('does not retry a permanent failure or an empty answer', () => {
  expect(next([failed(0, { retryable: false }), { model: 1, state: 'empty', endedMs: 1_000 }])).toEqual({
    do: 'nothing',
  });
});

test('limits the number of attempts', () => {
  expect(next([failed(0), failed(0)], { maxAttempts: 2 })).toEqual({ do: 'nothing' });
});

test('pauses double', () => {
  expect(next([failed(0), failed(0)], { order: [0] })).toEqual({ do: 'wait', untilMs: 1_200 });
});
