import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { ttsFirstByte } from './tts-first-byte.js';

it('finds it, with what it would save', () => {
  const [found] = ttsFirstByte.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 500) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(380);
  expect(found!.saving!.meanMs).toBeLessThan(400);
  expect(found!.verdict).toContain('589 ms');
});

it('is silent where it begins soon', () => {
  expect(ttsFirstByte.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
