import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { endpointingWait } from './endpointing-wait.js';

const MAX = { 'endpointing.bound': 'endpointing.maxDelay', 'endpointing.maxDelay': 2500 };

it('finds it, with what it would save', () => {
  const [found] = endpointingWait.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'endpointingElapsed', 700), settings: MAX })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(640);
  expect(found!.saving!.meanMs).toBeLessThan(690);
  expect(found!.verdict).toContain('endpointing.maxDelay = 2500 ms');
  expect(found!.fix.livekit.code).toContain('maxDelay');
});

it('does not blame the delay where the transcript was late', () => {
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

it('is silent where the commit is early', () => {
  expect(endpointingWait.examine(evidence(10))).toEqual([]);
});
