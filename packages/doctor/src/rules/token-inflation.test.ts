import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { tokenInflation } from './token-inflation.js';

const hindi = (completionTokens: number) => ({
  transcript: { agent: 'मैं आपकी आवाज़ साफ़ सुन पा रही हूँ बताइए आपका नाम क्या' },
  llm: {
    provider: 'groq',
    model: 'openai/gpt-oss-120b',
    emulated: true,
    requests: 1,
    tokens: { completionTokens },
  },
});

it('finds it and estimates the saving', () => {
  const [found] = tokenInflation.examine(evidence(10, () => hindi(48)));
  expect(found!.verdict).toContain('4.0');
  expect(found!.kind).toBe('cause');
});

it('reports a possible cause where the token count is unknown', () => {
  const [found] = tokenInflation.examine(evidence(1, () => ({ ...hindi(0), llm: undefined })));
  expect(found!.kind).toBe('unknown');
  expect(found!.verdict).toContain('12 words are 18 (o200k, gpt-oss) to 58');
});

it('finds nothing where a tokenizer knows the script', () => {
  expect(tokenInflation.examine(evidence(10, () => hindi(18)))).toEqual([]);
});

it('finds nothing for English', () => {
  expect(
    tokenInflation.examine(
      evidence(10, () => ({ transcript: { agent: 'Your table is booked for seven.' } })),
    ),
  ).toEqual([]);
});
