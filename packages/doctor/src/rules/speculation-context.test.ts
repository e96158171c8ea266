import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { speculationContext } from './speculation-context.js';

const DISCARDED = { started: 1, kept: 0, cancelled: 1 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it, with what it would save', () => {
  const [found] = speculationContext.examine(
    evidence(10, () => ({ speculation: DISCARDED, marks: later(SLOW, 'logicEnded', 20) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(350);
  expect(found!.saving!.meanMs).toBeLessThan(460);
  expect(found!.verdict).toContain('onUserTurnCompleted');
});

it('is silent where no code of theirs ran', () => {
  expect(speculationContext.examine(evidence(10, () => ({ speculation: DISCARDED, marks: SLOW })))).toEqual(
    [],
  );
});

it('is silent where early answers are kept', () => {
  expect(speculationContext.examine(evidence(10))).toEqual([]);
});
