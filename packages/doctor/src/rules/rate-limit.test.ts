import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { rateLimit } from './rate-limit.js';

const queued = (queueMs: number, tokens: number) => ({
  provider: 'groq',
  model: 'openai/gpt-oss-120b',
  emulated: true,
  requests: 1,
  providerTime: { queueMs },
  tokens: { promptTokens: 1000 },
  headroom: { tokens },
});

it('finds it and estimates the saving', () => {
  const [found] = rateLimit.examine(
    evidence(10, () => ({ llm: queued(500, 9000), marks: later(PATIENT_MARKS, 'responseHeaders', 500) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(440);
  expect(found!.saving!.meanMs).toBeLessThan(480);
  expect(found!.verdict).toContain('queue');
});

it('reports how near the limit is while no time is lost', () => {
  const [found] = rateLimit.examine(evidence(10, () => ({ llm: queued(5, 2000) })));
  expect(found!.verdict).toContain('nearly nothing left');
  expect(found!.saving).toBeUndefined();
});

it('finds nothing where the queue is short and the limit is far', () => {
  expect(rateLimit.examine(evidence(10, () => ({ llm: queued(5, 900_000) })))).toEqual([]);
});
