import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnthropicMessages } from '../anthropic/read.js';
import { readOpenAiChat } from '../openai-chat/read.js';
import { GatewayError } from './failure.js';

const VALID = {
  model: 'm',
  stream: true,
  max_tokens: 10,
  system: [{ type: 'text', text: 'Be brief.' }],
  tools: [
    { type: 'function', function: { name: 'f', parameters: {} } },
    { name: 'g', input_schema: {} },
  ],
  tool_choice: { type: 'auto', function: { name: 'f' } },
  stop_sequences: ['x'],
  stream_options: { include_usage: true },
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'image_url', image_url: { url: 'u' } },
      ],
    },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }],
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'x' }] }],
    },
    { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'u' } }] },
  ],
};

/** Every place in a value, as the keys that lead to it. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]));
  return [path, ...inner];
}

function replaced(value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string | number, unknown>)[key] = replaced(
    (value as Record<string, unknown>)[key],
    rest,
    by,
  );
  return copy;
}

test.each([
  ['OpenAI', readOpenAiChat],
  ['Anthropic', readAnthropicMessages],
])('a request of %s with anything anywhere is read, or refused with a 400', (_name, read) => {
  const wrong = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, { type: 1 }, [null], { type: 'text' }));
  fc.assert(
    fc.property(fc.constantFrom(...placesIn(VALID)), wrong, (place, by) => {
      try {
        const { chat, model } = read(replaced(VALID, place, by));
        expect(typeof model).toBe('string');
        expect(chat.messages.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        expect((error as GatewayError).status).toBe(400);
      }
    }),
    { numRuns: 2_000 },
  );
});
