import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { brokenPrefix } from './broken-prefix.js';

const LLM = { provider: 'groq', model: 'openai/gpt-oss-120b', emulated: true, requests: 1 };
const prefixBreak = {
  at: { message: 1, role: 'system' },
  what: 'changed' as const,
  advice: 'put the time after the history',
  lostCharacters: 8000,
  lostTokens: 2000,
  costMs: 400,
};

it('finds it and estimates the saving', () => {
  const [found] = brokenPrefix.examine(
    evidence(20, () => ({
      llm: { ...LLM, prefixBreak },
      marks: later(PATIENT_MARKS, 'responseHeaders', 450),
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(380);
  expect(found!.saving!.meanMs).toBeLessThan(420);
  expect(found!.verdict).toContain('system message 1 changed');
  expect(found!.fix.livekit.text).toBe(prefixBreak.advice);
});

it('finds prompts that are never cached', () => {
  const llm = { ...LLM, tokens: { promptTokens: 4000, cachedTokens: 0 } };
  const [found] = brokenPrefix.examine(
    evidence(10, (at) => ({
      llm: at === 0 ? { ...LLM, tokens: { promptTokens: 4000, cachedTokens: 1024 } } : llm,
      marks: later(PATIENT_MARKS, 'responseHeaders', 500),
    })),
  );
  expect(found!.verdict).toContain('Only 0 %');
  expect(found!.logNext!.code).toContain('lintPrefix');
});

it('finds nothing where the provider never reports cached tokens: LiveKit writes 0 for that', () => {
  const llm = { ...LLM, tokens: { promptTokens: 4000, cachedTokens: 0 } };
  expect(
    brokenPrefix.examine(evidence(10, () => ({ llm, marks: later(PATIENT_MARKS, 'responseHeaders', 500) }))),
  ).toEqual([]);
});

it('finds nothing where the prompt is cached', () => {
  expect(
    brokenPrefix.examine(
      evidence(20, () => ({ llm: { ...LLM, tokens: { promptTokens: 4000, cachedTokens: 3800 } } })),
    ),
  ).toEqual([]);
});
