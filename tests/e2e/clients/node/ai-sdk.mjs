// The Vercel AI SDK: its OpenAI provider on chat completions, and its provider for compatible servers.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { BASE_URL, BOOK, BOTH, main, OPEN, PNG, WEATHER } from './scenarios.mjs';

const openai = createOpenAI({ baseURL: BASE_URL, apiKey: 'any' });
const compatible = createOpenAICompatible({
  name: 'gateway',
  baseURL: BASE_URL,
  apiKey: 'any',
  includeUsage: true,
});
const NO_RETRY = { maxRetries: 0, onError: () => {} };

const called = [];
const toolOf = ({ name, description, parameters }) =>
  tool({
    description,
    inputSchema: jsonSchema(parameters),
    execute: async (input) => {
      called.push({ name, input });
      return { ok: true, message: 'Done.' };
    },
  });
const tools = { book_table: toolOf(BOOK), get_weather: toolOf(WEATHER) };

async function streamed(model, request) {
  const result = streamText({ model, ...NO_RETRY, ...request });
  const pieces = [];
  const errors = [];
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') pieces.push(part.text);
    if (part.type === 'error')
      errors.push({ raised: part.error.name, status: part.error.statusCode ?? null });
  }
  if (errors.length > 0) return { pieces, errors };
  const { inputTokens, outputTokens } = await result.totalUsage;
  return { pieces, finish: await result.finishReason, usage: { inputTokens, outputTokens } };
}

async function withTools() {
  called.length = 0;
  const result = await generateText({
    model: openai.chat('plain'),
    ...NO_RETRY,
    prompt: BOTH,
    tools,
    stopWhen: stepCountIs(3),
  });
  return { text: result.text, called: [...called], steps: result.steps.length };
}

async function cancelled() {
  const stop = new AbortController();
  const result = streamText({
    model: openai.chat('slow'),
    ...NO_RETRY,
    prompt: OPEN,
    abortSignal: stop.signal,
  });
  for await (const part of result.fullStream) if (part.type === 'text-delta') stop.abort();
  return { cancelled: true };
}

async function object() {
  const schema = jsonSchema({
    type: 'object',
    properties: { city: { type: 'string' }, people: { type: 'integer' } },
    required: ['city', 'people'],
    additionalProperties: false,
  });
  const result = await generateObject({
    model: openai.chat('plain'),
    ...NO_RETRY,
    schema,
    prompt: 'Four people in Paris',
  });
  return { object: result.object };
}

const image = [
  {
    role: 'user',
    content: [
      { type: 'text', text: OPEN },
      { type: 'image', image: PNG },
    ],
  },
];

await main({
  text: () => streamed(openai.chat('plain'), { prompt: OPEN }),
  'compatible provider': () => streamed(compatible('plain'), { prompt: OPEN }),
  'parallel tools': withTools,
  image: () => streamed(openai.chat('plain'), { messages: image }),
  'JSON schema': object,
  cancelled,
  'bad request': () => streamed(openai.chat('bad-request'), { prompt: OPEN }),
  'rate limited': () => streamed(openai.chat('rate-limited'), { prompt: OPEN }),
  unavailable: () => streamed(openai.chat('unavailable'), { prompt: OPEN }),
  'breaks off': () => streamed(openai.chat('breaks-off'), { prompt: OPEN }),
});
