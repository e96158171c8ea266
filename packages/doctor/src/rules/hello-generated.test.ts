import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { hellos, WARM_HELLO } from '../testing/hellos.js';
import { helloGenerated } from './hello-generated.js';

const MARKS = {
  jobStarted: 40,
  sessionStarted: 100,
  greetingRequested: 110,
  llmRequested: 120,
  firstContent: 620,
  ttsRequested: 650,
  ttsFirstByte: 850,
  framePublished: 860,
  firstAudible: 870,
};

it('finds it and estimates the saving', () => {
  const [found] = helloGenerated.examine(hellos(8, MARKS, 'generated'));
  expect(found!.saving!.meanMs).toBeGreaterThan(700);
  expect(found!.saving!.meanMs).toBeLessThan(730);
  expect(found!.verdict).toContain('740 ms');
  expect(found!.savingOf).toBe('hello');
});

it('finds nothing in a warm call whose greeting is cached, nor without records of calls', () => {
  expect(helloGenerated.examine(hellos(8, WARM_HELLO))).toEqual([]);
  expect(helloGenerated.examine(evidence(10))).toEqual([]);
});
