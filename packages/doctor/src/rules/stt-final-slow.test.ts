import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { sttFinalSlow } from './stt-final-slow.js';

it('finds it and estimates the saving', () => {
  const [found] = sttFinalSlow.examine(
    evidence(10, () =>
      reportedTurn({
        e2eMs: 1800,
        transcriptionDelayMs: 980,
        endOfTurnDelayMs: 1000,
        llmTtftMs: 300,
        ttsTtfbMs: 200,
      }),
    ),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(620);
  expect(found!.saving!.meanMs).toBeLessThan(640);
  expect(found!.verdict).toContain('980 ms after the last word');
});

it('finds nothing where the turn waited for the endpointing delay', () => {
  expect(
    sttFinalSlow.examine(
      evidence(10, () =>
        reportedTurn({
          e2eMs: 1800,
          transcriptionDelayMs: 500,
          endOfTurnDelayMs: 1000,
          llmTtftMs: 300,
          ttsTtfbMs: 200,
        }),
      ),
    ),
  ).toEqual([]);
});

it('saves no more than the time until the endpointing delay would have ended', () => {
  // Final transcript after 900 ms, endpointing delay after 700 ms.
  const waited = later(PATIENT_MARKS, 'endpointingElapsed', 400);
  const marks = { ...later(waited, 'turnCommitted', 200), finalTranscript: 1900 };
  const [found] = sttFinalSlow.examine(evidence(10, () => ({ marks })));
  expect(found!.saving!.meanMs).toBeCloseTo(200, 0);
  expect(found!.evidence.at(-1)!.text).toContain('gains 200 ms at most');
});
