import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { sentenceHeld } from './sentence-held.js';

it('finds it, with what it would save', () => {
  const [found] = sentenceHeld.examine(
    evidence(10, () => ({ levers: { clause: false }, marks: later(PATIENT_MARKS, 'firstClause', 400) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(350);
  expect(found!.saving!.meanMs).toBeLessThan(390);
  expect(found!.verdict).toContain('428 ms after the first token');
});

it('takes what the told parts leave over, less sure', () => {
  const parts = { e2eMs: 1800, endOfTurnDelayMs: 500, llmTtftMs: 500, ttsTtfbMs: 200 };
  const [found] = sentenceHeld.examine(evidence(10, () => reportedTurn(parts)));
  expect(found!.saving!.meanMs).toBeCloseTo(540);
  expect(found!.confidence.value).toBeLessThan(0.6);
});

it('finds it where the first token came before the commit, and the sentence after it', () => {
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
  // It came 549 ms after the commit: all that is waited for it, less a first clause's 60.
  expect(found!.saving!.meanMs).toBeCloseTo(489, 0);
});

it('is silent where clauses are handed on', () => {
  expect(sentenceHeld.examine(evidence(10))).toEqual([]);
});
