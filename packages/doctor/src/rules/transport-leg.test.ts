import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { transportLeg } from './transport-leg.js';

it('finds it and estimates the saving', () => {
  const [found] = transportLeg.examine(
    evidence(10, () => ({ transport: 'telephone', marks: { ...PATIENT_MARKS, callerHeard: 2000 } })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(285);
  expect(found!.saving!.meanMs).toBeLessThan(295);
  expect(found!.verdict).toContain('10 of them by telephone');
});

it('finds nothing where it is short', () => {
  expect(
    transportLeg.examine(evidence(10, () => ({ marks: { ...PATIENT_MARKS, callerHeard: 1650 } }))),
  ).toEqual([]);
});

it('says that the way to the caller is not measured, where nothing else explains a wait', () => {
  const turn = (e2eMs: number, more = {}) =>
    reportedTurn({ e2eMs, endOfTurnDelayMs: 530, llmTtftMs: 380, ttsTtfbMs: 140, ...more });
  const [found] = transportLeg.examine(evidence(6, () => turn(1_110)));
  expect(found).toMatchObject({ kind: 'data' });
  expect(found!.verdict).toContain('first frame (1,110 ms');
  expect(found!.logNext).toBeDefined();
  expect(transportLeg.examine(evidence(6, () => turn(500)))).toEqual([]);
  expect(transportLeg.examine(evidence(6, () => turn(3_000)))).toEqual([]);
  expect(transportLeg.examine(evidence(6, () => turn(1_110, { playbackLatencyMs: 60 })))).toEqual([]);
});
