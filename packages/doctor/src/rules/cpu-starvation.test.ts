import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, withEvents } from '../testing/evidence.js';
import { cpuStarvation } from './cpu-starvation.js';

it('finds it and estimates the saving', () => {
  const [found] = cpuStarvation.examine(
    withEvents(
      evidence(6, () => ({ marks: PATIENT_MARKS })),
      () => [
        { kind: 'slow inference', ms: 200 },
        { kind: 'slow inference', ms: 400 },
      ],
    ),
  );
  expect(found!.verdict).toContain('12 times');
  expect(found!.saving!.meanMs).toBeCloseTo(400);
  expect(found!.delaysEveryStepMs).toBe(400);
});

it('finds nothing in warnings outside turns, such as those of a start-up', () => {
  const all = evidence(6, () => ({ marks: PATIENT_MARKS }));
  const events = [{ kind: 'slow inference' as const, place: 'a.log:3', ms: 400 }];
  expect(cpuStarvation.examine({ ...all, events })).toEqual([]);
});

it('counts a process that was not scheduled, where its duration is not reported', () => {
  const [found] = cpuStarvation.examine(
    withEvents(
      evidence(6, () => ({ marks: PATIENT_MARKS })),
      () => [{ kind: 'process not scheduled' }],
    ),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(400);
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
