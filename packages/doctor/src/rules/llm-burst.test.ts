import { expect, it } from 'vitest';
import { evidence, reportedTurn } from '../testing/evidence.js';
import { llmBurst } from './llm-burst.js';

const turn = (ttftMs: number, streamMs: number, provider = 'acme.openai.azure.com', model = 'gpt-4o') =>
  reportedTurn(
    {
      endOfTurnDelayMs: 540,
      transcriptionDelayMs: 280,
      llmTtftMs: ttftMs,
      llmStreamMs: streamMs,
      ttsTtfbMs: 150,
    },
    {
      llm: { provider, model, emulated: false, requests: 1, tokens: { completionTokens: 40 } },
    },
  );

it('finds answers that come in one piece, and what a stream would save', () => {
  const [found] = llmBurst.examine(evidence(8, () => turn(1_300, 50)));
  expect(found!.verdict).toContain('40 tokens within 50 ms');
  expect(found!.verdict).toContain('Azure');
  expect(found!.saving!.meanMs).toBeGreaterThan(300);
  expect(found!.saving!.meanMs).toBeLessThan(400);
});

it('finds nothing in a stream, nor at a host that is that fast', () => {
  expect(llmBurst.examine(evidence(8, () => turn(1_300, 600)))).toEqual([]);
  expect(llmBurst.examine(evidence(8, () => turn(300, 40, 'api.groq.com')))).toEqual([]);
  expect(llmBurst.examine(evidence(8, () => turn(1_300, 50, 'acme', 'gpt-5-mini')))).toEqual([]);
  expect(llmBurst.examine(evidence(10))).toEqual([]);
});
