import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS } from '../testing/evidence.js';
import { toolsInSequence } from './tools-in-sequence.js';

const withTools = (second: { name: string; startedMs: number; endedMs: number }) => ({
  marks: PATIENT_MARKS,
  toolCalls: 2,
  tools: [{ name: 'find_customer', startedMs: 1_500, endedMs: 2_500 }, second],
  speech: [{ fromMs: 5_000, toMs: 6_000 }],
});

it('finds tools that run one by one, and what they would save at once', () => {
  const [found] = toolsInSequence.examine(
    evidence(10, () => withTools({ name: 'find_slots', startedMs: 3_000, endedMs: 4_200 })),
  );
  expect(found!.saving!.meanMs).toBeCloseTo(1_500);
  expect(found!.verdict).toContain('find_customer, then find_slots');
  expect(found!.confidence.value).toBeLessThan(0.6);
});

it('finds nothing in tools that overlap, nor in one that is called again', () => {
  const overlapping = withTools({ name: 'find_slots', startedMs: 1_510, endedMs: 4_200 });
  expect(toolsInSequence.examine(evidence(10, () => overlapping))).toEqual([]);
  const again = withTools({ name: 'find_customer', startedMs: 3_000, endedMs: 4_200 });
  expect(toolsInSequence.examine(evidence(10, () => again))).toEqual([]);
});
