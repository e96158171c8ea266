import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { cpuStarvation } from './cpu-starvation.js';

it('finds it and estimates the saving', () => {
  const [found] = cpuStarvation.examine({
    ...evidence(5),
    events: [{ kind: 'slow inference', place: 'a.log:3', ms: 400 }],
  });
  expect(found!.verdict).toContain('400 ms at the median');
  expect(found!.evidence[0]!.text).toContain('a.log:3');
});

it('detects local engines that take far longer than usual', () => {
  const [found] = cpuStarvation.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 400) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(400);
});

it('finds nothing on a quiet machine', () => {
  expect(cpuStarvation.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
