import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../chat/request-error.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import { anthropicWire } from './anthropic.js';
import { geminiWire } from './gemini.js';
import { openaiWire } from './openai.js';

/** Usually valid, sometimes arbitrary JSON: nearly valid bodies find gaps in the validation. */
function usually<T>(right: fc.Arbitrary<T>) {
  return fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() });
}

const WORDS = fc.constantFrom(
  'book a table',
  'for people',
  'friday at seven',
  'yes',
  'What about Paris?',
  '',
  '🙂 ñ',
);
const property = usually(
  fc.record(
    { type: usually(fc.constantFrom('string', 'integer', 'object', 'array', 'boolean')) },
    { requiredKeys: [] },
  ),
);
const schema = usually(
  fc.record(
    {
      type: fc.constant('object'),
      properties: usually(fc.dictionary(fc.constantFrom('date', 'time', 'guests', 'city', 'name'), property)),
      required: usually(fc.subarray(['date', 'time', 'guests', 'city', 'name'])),
    },
    { requiredKeys: [] },
  ),
);
const NAMES = fc.constantFrom('book_table', 'get_weather', 'about');
const tool = usually(
  fc.record({
    name: usually(NAMES),
    input_schema: schema,
    function: usually(fc.record({ name: usually(NAMES), parameters: schema })),
    functionDeclarations: usually(
      fc.array(fc.record({ name: usually(NAMES), parameters: schema }), { maxLength: 3 }),
    ),
  }),
);
const part = usually(
  fc.record(
    {
      type: fc.constantFrom('text', 'tool_use', 'tool_result', 'image'),
      text: usually(WORDS),
      tool_use_id: fc.constant('t1'),
      functionResponse: usually(fc.record({ name: NAMES, response: fc.jsonValue() })),
    },
    { requiredKeys: ['type'] },
  ),
);
const parts = usually(fc.array(part, { maxLength: 3 }));
const message = usually(
  fc.record({
    role: usually(fc.constantFrom('user', 'assistant')),
    content: fc.oneof(usually(WORDS), parts),
    parts,
  }),
);
const messages = usually(fc.array(message, { minLength: 1, maxLength: 5 }));
const body = usually(
  fc.record(
    {
      model: usually(fc.constant('m')),
      max_tokens: usually(fc.nat(100)),
      messages,
      contents: messages,
      tools: usually(fc.array(tool, { maxLength: 3 })),
      tool_choice: usually(fc.constantFrom<unknown>('required', 'auto', { type: 'any' })),
      system: usually(WORDS),
    },
    { requiredKeys: ['model', 'messages', 'contents', 'max_tokens'] },
  ),
);
const target = { method: 'POST', path: '/v1beta/models/m%:generateContent', query: new URLSearchParams() };
const RUNS = 1000;

describe.each([openaiWire, anthropicWire, geminiWire])('$name', (wire) => {
  it('reads any body into a request that gets a reply, or rejects it with a 400', () => {
    let answered = 0;
    const check = (value: unknown) => {
      try {
        const request = wire.readRequest(value, target);
        const answer = answerAsReceptionist({ ...request, today: '2026-11-22', seed: 1 });
        expect(answer.text !== '' || answer.toolCalls.length > 0).toBe(true);
        for (const call of answer.toolCalls) expect(JSON.parse(call.arguments)).toBeTypeOf('object');
        answered += 1;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        expect(error.status).toBe(400);
      }
    };
    fc.assert(fc.property(body, check), { numRuns: RUNS });
    expect(answered).toBeGreaterThan(RUNS / 5);
  });
});

it('counts the same tokens for the same conversation in every wire format', () => {
  const prompts = [
    openaiWire.readRequest(
      {
        model: 'm',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
      target,
    ),
    anthropicWire.readRequest(
      { model: 'm', max_tokens: 9, system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] },
      target,
    ),
    geminiWire.readRequest(
      {
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      },
      target,
    ),
  ].map((request) => request.prompt);
  expect(new Set(prompts)).toEqual(new Set(['system\nBe brief.\nuser\nHi\n']));
});
