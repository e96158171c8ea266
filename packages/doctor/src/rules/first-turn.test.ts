import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { firstTurn } from './first-turn.js';

it('finds it and estimates the saving', () => {
  const [found] = firstTurn.examine(
    evidence(40, (at) => ({
      marks: at % 10 === 0 ? later(PATIENT_MARKS, 'responseHeaders', 900) : PATIENT_MARKS,
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(85);
  expect(found!.saving!.meanMs).toBeLessThan(95);
  expect(found!.verdict).toContain('4 of 4 calls');
});

it('finds nothing where the first turn is like the others', () => {
  expect(firstTurn.examine(evidence(40))).toEqual([]);
});
