import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { endpointingWait } from './endpointing-wait.js';
import { sttFinalSlow } from './stt-final-slow.js';

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

/** The final transcript and the endpointing delay end together, at about `atMs`. */
const together = (atMs: number) => {
  const marks = { ...PATIENT_MARKS, endpointingElapsed: 1000 + atMs - 3, turnCommitted: 1000 + atMs + 1 };
  const laterMs = marks.turnCommitted - PATIENT_MARKS.turnCommitted!;
  const moved = Object.entries(PATIENT_MARKS).filter(([, ms]) => ms! > PATIENT_MARKS.turnCommitted!);
  const logic = { logicStarted: marks.turnCommitted, logicEnded: marks.turnCommitted };
  return {
    ...marks,
    ...logic,
    ...Object.fromEntries(moved.map(([name, ms]) => [name, ms! + laterMs])),
    finalTranscript: 1000 + atMs,
  };
};

it('asks to change both where the final transcript ends with the delay, and a shorter delay gains nothing', () => {
  const calls = evidence(10, () => ({ marks: together(900) }));
  expect(sttFinalSlow.examine(calls)).toEqual([]);
  const [found] = endpointingWait.examine(calls);
  expect(found!.saving!.meanMs).toBeCloseTo(571, 0);
  expect(found!.verdict).toContain('change both');
  expect(found!.evidence.at(-1)!.text).toMatch(/^the final transcript comes 900 ms .* alone gains [01] ms$/);
});

it('finds neither where both end early together', () => {
  const calls = evidence(10, () => ({ marks: together(331) }));
  expect([...sttFinalSlow.examine(calls), ...endpointingWait.examine(calls)]).toEqual([]);
});
