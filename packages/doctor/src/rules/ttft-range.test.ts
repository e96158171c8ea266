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

it('takes the fastest tenth as the range where none is published, and is not sure', () => {
  const turn = (ttftMs: number) =>
    reportedTurn(
      { endOfTurnDelayMs: 540, llmTtftMs: ttftMs, ttsTtfbMs: 170 },
      { llm: { provider: 'acme', model: 'acme-9', emulated: false, requests: 1 } },
    );
  const [found] = ttftRange.examine(evidence(10, (at) => turn(at < 2 ? 400 : 1_500 + at * 10)));
  expect(found!.verdict).toContain('No range is published for acme acme-9');
  expect(found!.confidence.value).toBeLessThan(0.5);
  expect(ttftRange.examine(evidence(10, (at) => turn(600 + at * 20)))).toEqual([]);
});

it('takes a range that the user gave', () => {
  const turns = evidence(10, () =>
    reportedTurn(
      { endOfTurnDelayMs: 540, llmTtftMs: 1_400, ttsTtfbMs: 170 },
      { llm: { provider: 'acme', model: 'acme-9', emulated: false, requests: 1 } },
    ),
  );
  const own = { provider: 'acme', models: ['acme-9'], p50Ms: 500, p95Ms: 900, source: 'as you gave it' };
  expect(ttftRange.examine(turns)).toEqual([]);
  expect(ttftRange.examine({ ...turns, ranges: [own] })[0]!.verdict).toContain('p95 900 ms');
});
