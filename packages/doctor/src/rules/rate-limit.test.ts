import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn, withEvents } from '../testing/evidence.js';
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

it('ranks refusals within slow turns by what they cost', () => {
  const all = evidence(10, (at) =>
    reportedTurn({ endOfTurnDelayMs: 540, llmTtftMs: at === 4 || at === 7 ? 6_300 : 300, ttsTtfbMs: 150 }),
  );
  const [found] = rateLimit.examine(
    withEvents(all, (_, at) => (at === 4 || at === 7 ? [{ kind: 'rate limited', ms: 2_000 }] : [])),
  );
  expect(found!.verdict).toContain('In 2 of 10 turns');
  expect(found!.saving!.meanMs).toBeCloseTo(1_200);
  expect(found!.confidence.value).toBeGreaterThan(0.7);
});
