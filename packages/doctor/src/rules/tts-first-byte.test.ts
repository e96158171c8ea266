import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { ttsFirstByte } from './tts-first-byte.js';

it('finds it and estimates the saving', () => {
  const [found] = ttsFirstByte.examine(
    evidence(10, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 500) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(380);
  expect(found!.saving!.meanMs).toBeLessThan(400);
  expect(found!.verdict).toContain('589 ms');
});

it('finds nothing where the first byte comes early', () => {
  expect(ttsFirstByte.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});
