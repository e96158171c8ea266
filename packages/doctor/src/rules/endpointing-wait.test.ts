import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { endpointingWait } from './endpointing-wait.js';

const MAX = { 'endpointing.bound': 'endpointing.maxDelay', 'endpointing.maxDelay': 2500 };

it('finds it and estimates the saving', () => {
  const [found] = endpointingWait.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'endpointingElapsed', 700), settings: MAX })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(640);
  expect(found!.saving!.meanMs).toBeLessThan(690);
  expect(found!.verdict).toContain('endpointing.maxDelay = 2500 ms');
  expect(found!.fix.livekit.code).toContain('maxDelay');
});

it('does not attribute a late transcript to the delay', () => {
  expect(
    endpointingWait.examine(
      evidence(10, () =>
        reportedTurn({
          e2eMs: 1800,
          transcriptionDelayMs: 980,
          endOfTurnDelayMs: 1000,
          llmTtftMs: 300,
          ttsTtfbMs: 200,
        }),
      ),
    ),
  ).toEqual([]);
});

it('finds nothing where the commit is early', () => {
  expect(endpointingWait.examine(evidence(10))).toEqual([]);
});
