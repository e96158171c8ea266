import { expect, it } from 'vitest';
import { evidence, reportedTurn } from '../testing/evidence.js';
import { impossibleMetrics } from './impossible-metrics.js';

it('finds it and estimates the saving', () => {
  const [found] = impossibleMetrics.examine(evidence(4, () => reportedTurn({ e2eMs: 900, llmTtftMs: 1500 })));
  expect(found!.verdict).toContain('longer than the whole turn');
  expect(found!.kind).toBe('data');
});

it('detects milliseconds in place of seconds, and hides them from other rules', () => {
  const odd = evidence(2, () => reportedTurn({ e2eMs: 2_438_000, llmTtftMs: 1_317_900 }));
  expect(odd.answered).toEqual([]);
  expect(impossibleMetrics.examine(odd)[0]!.verdict).toContain('2 of 2 turns');
});

it('detects clocks that go backwards within a call', () => {
  const skewed = evidence(3, (at) => ({ at: new Date(Date.UTC(2026, 0, 1) - at * 60_000).toISOString() }));
  expect(impossibleMetrics.examine(skewed)[0]!.verdict).toContain('back in time');
});

it('reports turns without an end', () => {
  const [found] = impossibleMetrics.examine(evidence(3, () => ({ marks: { speechEnded: 1 } })));
  expect(found!.verdict).toContain('no start or no end');
  expect(found!.logNext).toBeDefined();
});

it('finds nothing where the figures are consistent', () => {
  expect(impossibleMetrics.examine(evidence(20))).toEqual([]);
});
