import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { speculationFormatting } from './speculation-formatting.js';

const DISCARDED = { started: 1, kept: 0, cancelled: 1 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it and estimates the saving', () => {
  const [found] = speculationFormatting.examine(
    evidence(10, () => ({ speculation: DISCARDED, marks: SLOW })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(300);
  expect(found!.saving!.meanMs).toBeLessThan(380);
  expect(found!.logNext!.code).toContain('UserInputTranscribed');
});

it('finds answers that were restarted at a final transcript just before the commit, and counts the time since the interim', () => {
  const marks = { ...PATIENT_MARKS, interimTranscript: 1100, finalTranscript: 1285, llmRequested: 1290 };
  const speculation = { started: 2, kept: 1, cancelled: 1, hiddenMs: 11 };
  const [found] = speculationFormatting.examine(evidence(10, () => ({ speculation, marks })));
  // 201 ms from the interim to the commit, 120 of them spent waiting for the LLM; four of five are kept.
  expect(found!.saving!.meanMs).toBeGreaterThan(80);
  expect(found!.saving!.meanMs).toBeLessThan(121);
});

it('finds nothing where user code ran: that is another rule', () => {
  expect(
    speculationFormatting.examine(
      evidence(10, () => ({ speculation: DISCARDED, marks: later(SLOW, 'logicEnded', 20) })),
    ),
  ).toEqual([]);
});

it('finds nothing where speculations are kept', () => {
  expect(speculationFormatting.examine(evidence(10))).toEqual([]);
});
