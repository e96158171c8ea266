import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { cpuStarvation } from './cpu-starvation.js';

it('finds it, with what it would save', () => {
  const [found] = cpuStarvation.examine({
    ...evidence(5),
    events: [{ kind: 'slow inference', place: 'a.log:3', ms: 400 }],
  });
  expect(found!.verdict).toContain('400 ms at the median');
  expect(found!.evidence[0]!.text).toContain('a.log:3');
});

it('sees local engines far beyond their usual time', () => {
  const [found] = cpuStarvation.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 400) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(400);
});

it('is silent on a quiet machine', () => {
  expect(cpuStarvation.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
