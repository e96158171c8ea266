import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { speculationContext } from './speculation-context.js';

const DISCARDED = { started: 1, kept: 0, cancelled: 1 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it and estimates the saving', () => {
  const [found] = speculationContext.examine(
    evidence(10, () => ({ speculation: DISCARDED, marks: later(SLOW, 'logicEnded', 20) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(350);
  expect(found!.saving!.meanMs).toBeLessThan(460);
  expect(found!.verdict).toContain('onUserTurnCompleted');
});

it('finds nothing where no user code ran', () => {
  expect(speculationContext.examine(evidence(10, () => ({ speculation: DISCARDED, marks: SLOW })))).toEqual(
    [],
  );
});

it('finds nothing where speculations are kept', () => {
  expect(speculationContext.examine(evidence(10))).toEqual([]);
});
