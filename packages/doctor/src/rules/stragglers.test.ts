import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { stragglers } from './stragglers.js';

it('finds it and estimates the saving', () => {
  const [found] = stragglers.examine(
    evidence(30, (at) => ({
      marks: at % 10 === 7 ? later(PATIENT_MARKS, 'responseHeaders', 2000) : PATIENT_MARKS,
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(150);
  expect(found!.saving!.meanMs).toBeLessThan(200);
  expect(found!.verdict).toContain('3 of 30');
  expect(found!.saving!.p95Ms).toBeGreaterThan(1000);
});

it('finds nothing where all requests are alike', () => {
  expect(stragglers.examine(evidence(30, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});

it('finds nothing where many are slow, which is not a tail', () => {
  expect(
    stragglers.examine(
      evidence(30, (at) => ({
        marks: at % 2 ? later(PATIENT_MARKS, 'responseHeaders', 2000) : PATIENT_MARKS,
      })),
    ),
  ).toEqual([]);
});
