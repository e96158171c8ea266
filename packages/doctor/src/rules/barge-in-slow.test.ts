import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { bargeInSlow } from './barge-in-slow.js';

const stopped = (stopMs: number, isFalse = false) => ({
  interruptions: [{ callerFromMs: 2_000, stoppedMs: 2_000 + stopMs, isFalse }],
});

it('finds an agent that talks on, and estimates the saving', () => {
  const [found] = bargeInSlow.examine(evidence(6, () => stopped(600)));
  expect(found!.saving!.meanMs).toBeCloseTo(450);
  expect(found!.savingOf).toBe('bargeIn');
  expect(found!.verdict).toContain('600 ms');
});

it('finds nothing if the agent stops at once, if the stops were false, or without interruptions', () => {
  expect(bargeInSlow.examine(evidence(6, () => stopped(140)))).toEqual([]);
  expect(bargeInSlow.examine(evidence(6, () => stopped(600, true)))).toEqual([]);
  expect(bargeInSlow.examine(evidence(6))).toEqual([]);
});
