import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { hellos, WARM_HELLO } from '../testing/hellos.js';
import { helloDispatch } from './hello-dispatch.js';

const MARKS = {
  jobStarted: 1_150,
  sessionStarted: 1_200,
  greetingRequested: 1_210,
  framePublished: 1_300,
  firstAudible: 1_310,
};

it('finds it and estimates the saving', () => {
  const [found] = helloDispatch.examine(hellos(8, MARKS));
  expect(found!.saving!.meanMs).toBeGreaterThan(950);
  expect(found!.saving!.meanMs).toBeLessThan(1_050);
  expect(found!.verdict).toContain('1,150 ms');
  expect(found!.savingOf).toBe('hello');
});

it('finds nothing in a warm call whose greeting is cached, nor without records of calls', () => {
  expect(helloDispatch.examine(hellos(8, WARM_HELLO))).toEqual([]);
  expect(helloDispatch.examine(evidence(10))).toEqual([]);
});
