import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { additiveEndpointing } from './additive-endpointing.js';
import { endpointingWait } from './endpointing-wait.js';

const delays = (at: number, addedMs: number) =>
  reportedTurn({
    e2eMs: 2000,
    transcriptionDelayMs: 300 + 60 * at,
    endOfTurnDelayMs: 300 + 60 * at + addedMs,
    llmTtftMs: 300,
    ttsTtfbMs: 200,
  });

it('finds it and estimates the saving', () => {
  const [found] = additiveEndpointing.examine(evidence(10, (at) => delays(at, 500)));
  expect(found!.saving!.meanMs).toBeGreaterThan(450);
  expect(found!.saving!.meanMs).toBeLessThan(470);
  expect(found!.verdict).toContain('500 ms after the final transcript');
});

it('finds nothing in VAD mode, where the time of the commit does not depend on the transcript', () => {
  expect(
    additiveEndpointing.examine(
      evidence(10, (at) =>
        reportedTurn({
          e2eMs: 2000,
          transcriptionDelayMs: 300 + 30 * at,
          endOfTurnDelayMs: 800,
          llmTtftMs: 300,
          ttsTtfbMs: 200,
        }),
      ),
    ),
  ).toEqual([]);
});

it('finds nothing where no delay is added', () => {
  expect(additiveEndpointing.examine(evidence(10, (at) => delays(at, 20)))).toEqual([]);
});

it('leaves the plain endpointing-wait rule without a finding', () => {
  expect(endpointingWait.examine(evidence(10, (at) => delays(at, 500)))).toEqual([]);
});

it('recognises an end of speech that the engine reports with its final transcript, as in LiveKit’s STT mode', () => {
  const marks = { ...PATIENT_MARKS, finalTranscript: 999, endpointingElapsed: 1500, turnCommitted: 1501 };
  const [found] = additiveEndpointing.examine(evidence(10, () => ({ marks })));
  expect(found!.saving!.meanMs).toBeCloseTo(461, 0);
  expect(found!.evidence[0]!.text).toContain('together with the final transcript');
  expect(endpointingWait.examine(evidence(10, () => ({ marks })))).toEqual([]);
});

it('finds nothing where some callers got an early transcript from a pause', () => {
  const early = { ...PATIENT_MARKS, finalTranscript: 400 };
  expect(
    additiveEndpointing.examine(evidence(10, (at) => ({ marks: at % 2 === 0 ? early : PATIENT_MARKS }))),
  ).toEqual([]);
});
