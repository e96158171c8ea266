import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { leadingSilence } from './leading-silence.js';

it('finds it, with what it would save', () => {
  const [found] = leadingSilence.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'firstAudible', 170) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(165);
  expect(found!.saving!.meanMs).toBeLessThan(175);
  expect(found!.verdict).toContain('200 ms of silence');
});

it('is silent where it is trimmed', () => {
  expect(leadingSilence.examine(evidence(10))).toEqual([]);
});
