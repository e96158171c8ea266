import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
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

it('finds answers begun anew at a final transcript that comes just before the commit: their lead was from the interim on', () => {
  const marks = { ...PATIENT_MARKS, interimTranscript: 1100, finalTranscript: 1285, llmRequested: 1290 };
  const speculation = { started: 2, kept: 1, cancelled: 1, hiddenMs: 11 };
  const [found] = speculationFormatting.examine(evidence(10, () => ({ speculation, marks })));
  // 201 ms from the interim to the commit, of which the LLM was waited for 120; four of five are kept.
  expect(found!.saving!.meanMs).toBeGreaterThan(80);
  expect(found!.saving!.meanMs).toBeLessThan(121);
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
