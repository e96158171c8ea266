import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { scriptSplitter } from './script-splitter.js';

const HINDI = 'जी हाँ, मैं आपकी मदद करूँगी। आपका नाम क्या है?';

it('finds it and estimates the saving', () => {
  const [found] = scriptSplitter.examine(
    evidence(10, () => ({
      levers: { clause: false },
      transcript: { agent: HINDI },
      marks: later(PATIENT_MARKS, 'firstClause', 500),
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(450);
  expect(found!.saving!.meanMs).toBeLessThan(500);
  expect(found!.verdict).toContain('one block');
});

it('reports no cost where the parts leave no time for it', () => {
  const parts = { e2eMs: 2438, replyReleasedMs: 831, llmTtftMs: 1318, ttsTtfbMs: 267 };
  const [found] = scriptSplitter.examine(
    evidence(1, () => reportedTurn(parts, { transcript: { agent: HINDI } })),
  );
  expect(found!.verdict).toContain('next to nothing');
  expect(found!.saving).toBeUndefined();
});

it('finds nothing for English', () => {
  expect(
    scriptSplitter.examine(evidence(10, () => ({ transcript: { agent: 'Yes. It is.' }, levers: {} }))),
  ).toEqual([]);
});
