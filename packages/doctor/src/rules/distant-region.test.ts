import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { distantRegion } from './distant-region.js';

const far = (tcpMs: number) => ({
  provider: 'groq',
  model: 'openai/gpt-oss-120b',
  emulated: true,
  requests: 1,
  connection: { state: 'reused' as const, tcpMs },
});

it('finds it and estimates the saving', () => {
  const [found] = distantRegion.examine(
    evidence(10, () => ({ llm: far(220), marks: later(PATIENT_MARKS, 'responseHeaders', 220) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(150);
  expect(found!.saving!.meanMs).toBeLessThan(200);
  expect(found!.verdict).toContain('220 ms away');
});

it('finds nothing where a round trip is short', () => {
  expect(distantRegion.examine(evidence(10, () => ({ llm: far(20), marks: PATIENT_MARKS })))).toEqual([]);
});
