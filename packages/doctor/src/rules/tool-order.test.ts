import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { toolOrder } from './tool-order.js';

const LLM = { provider: 'groq', model: 'openai/gpt-oss-120b', emulated: true, requests: 1 };
const prefixBreak = {
  at: 'tools' as const,
  what: 'changed' as const,
  advice: 'sort them',
  lostCharacters: 9000,
  costMs: 300,
};

it('finds it and estimates the saving', () => {
  const [found] = toolOrder.examine(
    evidence(20, () => ({
      llm: { ...LLM, prefixBreak },
      marks: later(PATIENT_MARKS, 'responseHeaders', 350),
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(280);
  expect(found!.saving!.meanMs).toBeLessThan(320);
  expect(found!.verdict).toContain('20 turns');
});

it('finds nothing where something else broke the prefix', () => {
  expect(
    toolOrder.examine(
      evidence(20, () => ({
        llm: { ...LLM, prefixBreak: { ...prefixBreak, at: { message: 0, role: 'system' } } },
      })),
    ),
  ).toEqual([]);
});

it('uses the published gain of a cache where the cost was not recorded', () => {
  const { costMs: _, ...withoutCost } = prefixBreak;
  const llm = { ...LLM, prefixBreak: { ...withoutCost, lostTokens: 20_000 } };
  const [found] = toolOrder.examine(
    evidence(20, () => ({ llm, marks: later(PATIENT_MARKS, 'responseHeaders', 350) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(150);
  expect(found!.saving!.lowMs).toBeLessThan(60);
});
