import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { promptGrowth } from './prompt-growth.js';

const LLM = { provider: 'groq', model: 'openai/gpt-oss-120b', emulated: true, requests: 1 };
const growing = (at: number) => ({
  llm: { ...LLM, tokens: { promptTokens: 500 + 300 * (at % 10), cachedTokens: 0 } },
  marks: later(PATIENT_MARKS, 'responseHeaders', 90 * (at % 10)),
});

it('finds it and estimates the saving', () => {
  const [found] = promptGrowth.examine(evidence(30, growing));
  expect(found!.saving!.meanMs).toBeGreaterThan(300);
  expect(found!.saving!.meanMs).toBeLessThan(450);
  expect(found!.verdict).toContain('300 ms');
});

it('finds nothing where prompts stay short', () => {
  expect(
    promptGrowth.examine(
      evidence(30, () => ({
        llm: { ...LLM, tokens: { promptTokens: 500, cachedTokens: 0 } },
        marks: PATIENT_MARKS,
      })),
    ),
  ).toEqual([]);
});

it('finds nothing where the wait does not correlate with the prompt size', () => {
  expect(promptGrowth.examine(evidence(30, (at) => ({ ...growing(at), marks: PATIENT_MARKS })))).toEqual([]);
});

it('finds nothing where a queue grows together with the prompt', () => {
  const queued = (at: number) => {
    const turn = growing(at);
    return { ...turn, llm: { ...turn.llm, providerTime: { queueMs: 90 * (at % 10) } } };
  };
  expect(promptGrowth.examine(evidence(30, queued))).toEqual([]);
});
