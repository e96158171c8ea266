// The openai SDK: chat completions, streamed and whole.
import OpenAI from 'openai';
import { BASE_URL, BOOK, BOTH, main, OPEN, PNG, WEATHER } from './scenarios.mjs';

const client = new OpenAI({ baseURL: BASE_URL, apiKey: 'any', maxRetries: 0 });
const user = (content) => [{ role: 'user', content }];
const tools = [BOOK, WEATHER].map((one) => ({ type: 'function', function: one }));

async function streamed(request) {
  const stream = await client.chat.completions.create({
    model: 'plain',
    stream: true,
    stream_options: { include_usage: true },
    ...request,
  });
  const pieces = [];
  const calls = [];
  let finish;
  let usage;
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    finish = choice.finish_reason ?? finish;
    if (choice.delta.content) pieces.push(choice.delta.content);
    for (const { index, id, function: fn } of choice.delta.tool_calls ?? []) {
      calls[index] ??= { id, name: '', arguments: '' };
      calls[index].name += fn.name ?? '';
      calls[index].arguments += fn.arguments ?? '';
    }
  }
  return { text: pieces.join(''), pieces, calls, finish, usage };
}

async function helper() {
  const stream = client.chat.completions.stream({ model: 'plain', messages: user(BOTH), tools });
  const final = await stream.finalChatCompletion();
  const { message, finish_reason } = final.choices[0];
  const calls = message.tool_calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args }));
  return { calls, finish_reason };
}

async function whole() {
  const answer = await client.chat.completions.create({ model: 'plain', messages: user(OPEN) });
  const { message, finish_reason: finish } = answer.choices[0];
  return { role: message.role, text: message.content, finish, usage: answer.usage };
}

async function jsonSchema() {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, people: { type: 'integer' } },
    required: ['city', 'people'],
    additionalProperties: false,
  };
  const answer = await client.chat.completions.parse({
    model: 'plain',
    messages: user('Four people in Paris'),
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
  });
  return { parsed: answer.choices[0].message.parsed };
}

async function cancelled() {
  const stream = await client.chat.completions.create({ model: 'slow', messages: user(OPEN), stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  return { cancelled: true };
}

const ask = (model) => () => streamed({ model, messages: user(OPEN) });

await main({
  text: () => streamed({ messages: user(OPEN) }),
  whole,
  'parallel tools': () => streamed({ messages: user(BOTH), tools }),
  'stream helper': helper,
  image: () =>
    streamed({
      messages: user([
        { type: 'text', text: OPEN },
        { type: 'image_url', image_url: { url: PNG } },
      ]),
    }),
  'JSON schema': jsonSchema,
  cancelled,
  'bad request': ask('bad-request'),
  'rate limited': ask('rate-limited'),
  unavailable: ask('unavailable'),
  'unknown model': ask('no-such-model'),
  'error in the stream': ask('error-frame'),
  'breaks off': ask('breaks-off'),
});
