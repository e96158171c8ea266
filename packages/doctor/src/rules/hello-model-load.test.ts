import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { hellos, WARM_HELLO } from '../testing/hellos.js';
import { helloModelLoad } from './hello-model-load.js';

const MARKS = {
  jobStarted: 40,
  modelsRequested: 50,
  modelsLoaded: 450,
  sessionStarted: 460,
  greetingRequested: 470,
  framePublished: 600,
  firstAudible: 610,
};

it('finds it and estimates the saving', () => {
  const [found] = helloModelLoad.examine(hellos(8, MARKS));
  expect(found!.saving!.meanMs).toBeGreaterThan(390);
  expect(found!.saving!.meanMs).toBeLessThan(410);
  expect(found!.verdict).toContain('400 ms');
  expect(found!.savingOf).toBe('hello');
});

it('promises no more than until the room would be waited for', () => {
  const [found] = helloModelLoad.examine(hellos(8, { ...MARKS, roomConnected: 300 }));
  expect(found!.saving!.meanMs).toBeCloseTo(150, 0);
});

it('finds nothing in a warm call whose greeting is cached, nor without records of calls', () => {
  expect(helloModelLoad.examine(hellos(8, WARM_HELLO))).toEqual([]);
  expect(helloModelLoad.examine(evidence(10))).toEqual([]);
});
