import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { hiddenReasoning } from './hidden-reasoning.js';

it('finds it and estimates the saving', () => {
  const [found] = hiddenReasoning.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'firstContent', 600) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(590);
  expect(found!.saving!.meanMs).toBeLessThan(610);
  expect(found!.confidence.value).toBeGreaterThan(0.8);
});

it('is less confident about reasoning tokens without a reported time', () => {
  const {
    firstDelta: _,
    responseHeaders: _1,
    requestSent: _2,
    connectionReady: _3,
    ...marks
  } = later(PATIENT_MARKS, 'firstContent', 600);
  const llm = {
    provider: 'groq',
    model: 'gpt-oss-120b',
    emulated: true,
    requests: 1,
    tokens: { reasoningTokens: 200 },
  };
  const [found] = hiddenReasoning.examine(evidence(10, () => ({ marks, llm })));
  expect(found!.verdict).toContain('200 tokens');
  expect(found!.confidence.value).toBeLessThan(0.7);
});

it('finds nothing where the first delta is content', () => {
  expect(hiddenReasoning.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
