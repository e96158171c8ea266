import { expect, it } from 'vitest';
import { isCutOff, REACTED_AFTER_MS, REACTION_MS, REPAIR_WITHIN_MS, type Resumption } from './cut-off.js';

it.each<[string, Resumption, boolean]>([
  ['goes on before anything was heard', { resumedMs: 300 }, true],
  ['began before the commit, and was noticed after it', { resumedMs: -40 }, true],
  ['goes on over the first words of the answer', { resumedMs: 700, heardMs: 500 }, true],
  ['goes on at the last moment', { resumedMs: REPAIR_WITHIN_MS, heardMs: 200 }, true],
  ['speaks later', { resumedMs: REPAIR_WITHIN_MS + 1 }, false],
  ['has heard enough to react', { resumedMs: 1400, heardMs: REACTED_AFTER_MS }, false],
  ['goes on as a short answer ends', { resumedMs: 500, heardMs: 300, endedMs: REACTION_MS - 50 }, true],
  ['responds to a short answer', { resumedMs: 900, heardMs: 700, endedMs: REACTION_MS }, false],
  ['goes on after an "Okay."', { resumedMs: 900, heardMs: 800, endedMs: 600 }, true],
  ['goes on after an answer without a sound', { resumedMs: 900, endedMs: 600 }, true],
])('a caller who %s', (_, resumption, cutOff) => {
  expect(isCutOff(resumption)).toBe(cutOff);
});
