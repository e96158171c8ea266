import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { sentenceHeld } from './sentence-held.js';

it('finds it and estimates the saving', () => {
  const [found] = sentenceHeld.examine(
    evidence(10, () => ({ levers: { clause: false }, marks: later(PATIENT_MARKS, 'firstClause', 400) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(350);
  expect(found!.saving!.meanMs).toBeLessThan(390);
  expect(found!.verdict).toContain('428 ms after the first token');
});

it('uses the time that the reported parts leave, with less confidence', () => {
  const parts = { e2eMs: 1800, endOfTurnDelayMs: 500, llmTtftMs: 500, ttsTtfbMs: 200 };
  const [found] = sentenceHeld.examine(evidence(10, () => reportedTurn(parts)));
  expect(found!.saving!.meanMs).toBeCloseTo(540);
  expect(found!.confidence.value).toBeLessThan(0.6);
});

it('finds it where the first token came before the commit and the end of the sentence after it', () => {
  const marks = {
    ...later(PATIENT_MARKS, 'firstClause', 400),
    llmRequested: 1100,
    connectionReady: 1100,
    requestSent: 1101,
    responseHeaders: 1150,
    firstDelta: 1190,
    firstContent: 1200,
  };
  const [found] = sentenceHeld.examine(evidence(10, () => ({ levers: { clause: false }, marks })));
  // It came 549 ms after the commit; 60 ms of that are the usual time of a first clause.
  expect(found!.saving!.meanMs).toBeCloseTo(489, 0);
});

it('finds nothing where clauses are handed on', () => {
  expect(sentenceHeld.examine(evidence(10))).toEqual([]);
});
