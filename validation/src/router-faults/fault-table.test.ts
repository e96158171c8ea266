import { expect, test } from 'vitest';
import type { CollectedAnswer } from './collect-answer.js';
import { faultRows, renderFaultRows, SLACK_MS } from './fault-table.js';
import type { FaultTrial } from './fault-trial.js';

const trial = (seed: number, a: CollectedAnswer): FaultTrial => ({
  fault: 'no headers',
  seed,
  backupMs: 100,
  expected: 'At noon.',
  arms: { a },
});

test('counts answered, correct and in-time trials', () => {
  const [row] = faultRows(
    [
      trial(1, { firstTextMs: 300, text: 'At noon.', end: 'ended' }),
      trial(2, { firstTextMs: 2_101 + SLACK_MS, text: 'At noon.', end: 'ended' }),
      trial(3, { firstTextMs: 200, text: 'At no', end: 'timed out' }),
      trial(4, { text: '', end: 'failed' }),
    ],
    { deadlineMs: 2_000 },
  );
  expect(row).toMatchObject({ trials: 4, answered: 3, correct: 2, inTime: 1, p50Ms: 300 });
});

test('the expected text followed by an error is not correct', () => {
  const [row] = faultRows([trial(1, { firstTextMs: 1, text: 'At noon.', end: 'failed' })], { deadlineMs: 1 });
  expect(row!.correct).toBe(0);
});

test('an arm that never answered has no times', () => {
  const rows = faultRows([trial(1, { text: '', end: 'timed out' })], { deadlineMs: 2_000 });
  expect(rows[0]).not.toHaveProperty('p50Ms');
  expect(renderFaultRows(rows)).toMatch(/no headers\s+a\s+0\/1\s+0\/1\s+0\/1\s+–\s+–/);
});
