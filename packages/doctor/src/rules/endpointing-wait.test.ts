import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn, turnEndedAfter } from '../testing/evidence.js';
import { endpointingWait } from './endpointing-wait.js';

const MIN = { 'endpointing.bound': 'endpointing.minDelay', 'endpointing.minDelay': 1000 };

it('finds it and estimates the saving', () => {
  const [found] = endpointingWait.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'endpointingElapsed', 700), settings: MIN })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(640);
  expect(found!.saving!.meanMs).toBeLessThan(690);
  expect(found!.verdict).toContain('`minDelay` = 1,000 ms');
  expect(found!.fix.livekit.code).toContain('minDelay');
  expect(found!.fix.livekit.python).toContain('"min_delay"');
});

it('names the setting of a session report', () => {
  const [found] = endpointingWait.examine(
    evidence(6, () => ({
      ...turnEndedAfter(1220),
      settings: { 'endpointing.minDelay': 1200, 'endpointing.maxDelay': 3000 },
    })),
  );
  expect(found!.verdict).toContain('`minDelay` = 1,200 ms');
  expect(found!.confidence.value).toBeGreaterThan(0.8);
});

it('is not sure of LiveKit’s default', () => {
  const [found] = endpointingWait.examine(evidence(12, () => turnEndedAfter(540)));
  expect(found!.confidence.value).toBeLessThan(0.3);
  expect(found!.verdict).toContain('default');
});

it('leaves commits at the maximum delay to another rule', () => {
  expect(endpointingWait.examine(evidence(8, () => turnEndedAfter(3020)))).toEqual([]);
});

it('leaves turns to the machine in which it was late', () => {
  const all = evidence(8, () => turnEndedAfter(1300));
  const answered = all.answered.map((turn) => ({
    ...turn,
    events: [{ kind: 'slow inference' as const, place: 'a.log:1', ms: 500 }],
  }));
  expect(endpointingWait.examine({ ...all, answered })).toEqual([]);
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
