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

it('is less sure where more than a quarter is late', () => {
  const every = (n: number) =>
    stragglers.examine(
      evidence(12, (at) => ({
        marks: at % n === 2 ? later(PATIENT_MARKS, 'responseHeaders', 2000) : PATIENT_MARKS,
      })),
    )[0]!.confidence.value;
  expect(every(3)).toBeLessThan(every(5));
});

it('finds nothing where most are slow, which is not a tail', () => {
  expect(
    stragglers.examine(
      evidence(30, (at) => ({
        marks: at % 3 ? later(PATIENT_MARKS, 'responseHeaders', 2000) : PATIENT_MARKS,
      })),
    ),
  ).toEqual([]);
});
