import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { toolTurns } from './tool-turns.js';

const TOOLS = { ...later(PATIENT_MARKS, 'firstClause', 1000), toolsReturned: 2022, contentAfterTools: 2422 };

it('finds it and estimates the saving', () => {
  const [found] = toolTurns.examine(
    evidence(10, (at) => (at % 2 ? { toolCalls: 1, marks: TOOLS } : { marks: PATIENT_MARKS })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(350);
  expect(found!.saving!.meanMs).toBeLessThan(450);
  expect(found!.verdict).toContain('1,000 ms longer');
});

it('finds nothing without tools', () => {
  expect(toolTurns.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
