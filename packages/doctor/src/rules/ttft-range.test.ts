import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { ttftRange } from './ttft-range.js';

it('finds it and estimates the saving', () => {
  const [found] = ttftRange.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'responseHeaders', 700) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(550);
  expect(found!.saving!.meanMs).toBeLessThan(750);
  expect(found!.verdict).toContain('p95 217');
  expect(found!.kind).toBe('unknown');
  expect(found!.experiment).toContain('curl');
});

it('finds nothing within the published range', () => {
  expect(ttftRange.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});

it('names calls that are slow compared with the others where no range is published', () => {
  const llm = { provider: 'own', model: 'llama', emulated: false, requests: 1 };
  const slow = evidence(50, (at) => ({
    llm,
    marks: at >= 40 ? later(PATIENT_MARKS, 'responseHeaders', 800) : PATIENT_MARKS,
  }));
  const [found] = ttftRange.examine(slow);
  expect(found!.verdict).toContain('In 1 of 5 calls');
});

it('compares the first token of an unnamed model with the fast models', () => {
  const [found] = ttftRange.examine(
    evidence(1, () => reportedTurn({ e2eMs: 2438, replyReleasedMs: 831, llmTtftMs: 1318, ttsTtfbMs: 267 })),
  );
  expect(found!.verdict).toContain('--llm groq');
  expect(found!.confidence.why).toContain('one turn only');
});

it('leaves out time with a known cause: reasoning, connecting, queueing', () => {
  const marks = later(later(PATIENT_MARKS, 'firstContent', 500), 'connectionReady', 500);
  expect(ttftRange.examine(evidence(10, () => ({ marks })))).toEqual([]);
});
