import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { modelRetired } from './model-retired.js';

it('finds it and estimates the saving', () => {
  const [found] = modelRetired.examine(
    evidence(4, () => ({
      llm: { provider: 'groq', model: 'llama-3.3-70b-versatile', emulated: false, requests: 1 },
    })),
  );
  expect(found!.verdict).toContain('retired since 2026-08-16');
  expect(found!.fix.livekit.code).toContain('openai/gpt-oss-120b');
});

it('finds nothing before the date of retirement', () => {
  expect(
    modelRetired.examine(
      evidence(4, () => ({
        at: '2026-06-01T10:00:00.000Z',
        llm: { provider: 'groq', model: 'llama-3.3-70b-versatile', emulated: false, requests: 1 },
      })),
    ),
  ).toEqual([]);
});

it('finds nothing for models that are still served', () => {
  expect(modelRetired.examine(evidence(4))).toEqual([]);
});
