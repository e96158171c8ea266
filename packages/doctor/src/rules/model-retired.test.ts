import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { modelRetired } from './model-retired.js';

it('finds it and estimates the saving', () => {
  const [found] = modelRetired.examine(
    evidence(4, () => ({
      llm: { provider: 'groq', model: 'llama-3.3-70b-versatile', emulated: false, requests: 2 },
    })),
  );
  expect(found!.verdict).toContain('retired since 2026-08-16');
  expect(found).toMatchObject({ isBroken: true });
  expect(found!.fix.livekit.code).toContain('openai/gpt-oss-120b');
});

it('does not call a model broken that still answers', () => {
  const [found] = modelRetired.examine(
    evidence(8, () => ({
      llm: { provider: 'groq', model: 'llama-3.3-70b-versatile', emulated: false, requests: 1 },
    })),
  );
  expect(found!.verdict).toContain('still answers');
  expect(found!.isBroken).toBeUndefined();
  expect(found!.confidence.value).toBeLessThan(0.5);
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
