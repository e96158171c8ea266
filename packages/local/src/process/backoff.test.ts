import { expect, it } from 'vitest';
import { restartDelayMs } from './backoff.js';

it('restarts at once after one crash, then waits longer, up to 5 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(restartDelayMs)).toEqual([
    0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
});
