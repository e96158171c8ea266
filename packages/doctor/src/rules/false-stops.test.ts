import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { falseStops } from './false-stops.js';

const stopped = (silentMs: number, isFalse = true) => ({
  interruptions: [
    {
      callerFromMs: 2_000,
      stoppedMs: 2_500,
      isFalse,
      ...(isFalse ? { resumedMs: 2_500 + silentMs } : {}),
    },
  ],
});

it('finds long silences after sounds that were no interruption', () => {
  const [found] = falseStops.examine(evidence(6, () => stopped(2_400)));
  expect(found!.verdict).toContain('6 of 6 stops (100 %)');
  expect(found!.verdict).toContain('2,400 ms');
  expect(found!.saving!.meanMs).toBeCloseTo(1_800);
});

it('finds nothing if speech goes on soon, if the stops were wanted, or without interruptions', () => {
  expect(falseStops.examine(evidence(6, () => stopped(500)))).toEqual([]);
  expect(falseStops.examine(evidence(6, () => stopped(2_400, false)))).toEqual([]);
  expect(falseStops.examine(evidence(6))).toEqual([]);
});
