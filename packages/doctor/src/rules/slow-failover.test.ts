import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { slowFailover } from './slow-failover.js';

const failover = (afterMs: number) => ({
  provider: 'openai',
  model: 'gpt-4o-mini',
  emulated: true,
  requests: 2,
  attempts: [
    {
      provider: 'groq',
      model: 'gpt-oss-120b',
      reason: 'primary' as const,
      outcome: 'failed' as const,
      startedMs: 1302,
      error: 'timeout',
    },
    {
      provider: 'openai',
      model: 'gpt-4o-mini',
      reason: 'failover' as const,
      outcome: 'won' as const,
      startedMs: 1302 + afterMs,
    },
  ],
});

it('finds it and estimates the saving', () => {
  const [found] = slowFailover.examine(
    evidence(10, () => ({ llm: failover(2000), marks: later(PATIENT_MARKS, 'responseHeaders', 2000) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(1550);
  expect(found!.saving!.meanMs).toBeLessThan(1650);
  expect(found!.verdict).toContain('2,000 ms');
});

it('finds nothing where the failover came early', () => {
  expect(slowFailover.examine(evidence(10, () => ({ llm: failover(300) })))).toEqual([]);
});
