import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { hellos, WARM_HELLO } from '../testing/hellos.js';
import { helloColdWorker } from './hello-cold-worker.js';

const MARKS = {
  processStarted: 40,
  prewarmStarted: 900,
  prewarmEnded: 2_000,
  jobStarted: 2_010,
  sessionStarted: 2_020,
  greetingRequested: 2_030,
  framePublished: 2_200,
  firstAudible: 2_210,
};

it('finds it and estimates the saving', () => {
  const [found] = helloColdWorker.examine(hellos(8, MARKS));
  expect(found!.saving!.meanMs).toBeGreaterThan(1_900);
  expect(found!.saving!.meanMs).toBeLessThan(2_000);
  expect(found!.verdict).toContain('2,010 ms');
  expect(found!.savingOf).toBe('hello');
});

it('finds nothing in a warm call whose greeting is cached, nor without records of calls', () => {
  expect(helloColdWorker.examine(hellos(8, WARM_HELLO))).toEqual([]);
  expect(helloColdWorker.examine(evidence(10))).toEqual([]);
});
