import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS } from '../testing/evidence.js';
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
