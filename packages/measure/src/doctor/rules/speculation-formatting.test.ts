import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../../testing/evidence.js';
import { speculationFormatting } from './speculation-formatting.js';

const DISCARDED = { started: 1, kept: 0, cancelled: 1 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it, with what it would save', () => {
  const [found] = speculationFormatting.examine(
    evidence(10, () => ({ speculation: DISCARDED, marks: SLOW })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(300);
  expect(found!.saving!.meanMs).toBeLessThan(380);
  expect(found!.logNext!.code).toContain('user_input_transcribed');
});

it('is silent where code of theirs ran: that is the other rule', () => {
  expect(
    speculationFormatting.examine(
      evidence(10, () => ({ speculation: DISCARDED, marks: later(SLOW, 'logicEnded', 20) })),
    ),
  ).toEqual([]);
});

it('is silent where early answers are kept', () => {
  expect(speculationFormatting.examine(evidence(10))).toEqual([]);
});
