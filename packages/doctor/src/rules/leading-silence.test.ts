import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { leadingSilence } from './leading-silence.js';

it('finds it and estimates the saving', () => {
  const [found] = leadingSilence.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'firstAudible', 170) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(165);
  expect(found!.saving!.meanMs).toBeLessThan(175);
  expect(found!.verdict).toContain('200 ms of silence');
});

it('finds nothing where it is trimmed', () => {
  expect(leadingSilence.examine(evidence(10))).toEqual([]);
});
