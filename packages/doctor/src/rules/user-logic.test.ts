import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { userLogic } from './user-logic.js';

it('finds it and estimates the saving', () => {
  const [found] = userLogic.examine(evidence(10, () => ({ marks: later(PATIENT_MARKS, 'logicEnded', 300) })));
  expect(found!.saving!.meanMs).toBeGreaterThan(280);
  expect(found!.saving!.meanMs).toBeLessThan(300);
  expect(found!.verdict).toContain('300 ms before the LLM request');
});

it('finds nothing where it is hidden', () => {
  expect(userLogic.examine(evidence(10))).toEqual([]);
});
