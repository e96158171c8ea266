import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { llmShare } from './llm-share.js';

it('finds it and estimates the saving', () => {
  const [found] = llmShare.examine(
    evidence(20, () => ({ marks: later(PATIENT_MARKS, 'responseHeaders', 900) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(650);
  expect(found!.saving!.meanMs).toBeLessThan(800);
  expect(found!.verdict).toContain('% of the silence');
});

it('finds nothing where the LLM is a small part', () => {
  expect(llmShare.examine(evidence(20))).toEqual([]);
});
