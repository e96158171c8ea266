// The anthropic SDK: messages, streamed and whole.
import Anthropic from '@anthropic-ai/sdk';
import { BASE_URL, BOOK, BOTH, main, OPEN, PNG, WEATHER } from './scenarios.mjs';

const client = new Anthropic({ baseURL: BASE_URL.replace(/\/v1$/, ''), apiKey: 'any', maxRetries: 0 });
const user = (content) => [{ role: 'user', content }];
const tools = [BOOK, WEATHER].map(({ parameters, ...one }) => ({ ...one, input_schema: parameters }));

const messageOf = ({ content, stop_reason, usage }) => ({
  text: content.flatMap((block) => (block.type === 'text' ? block.text : [])).join(''),
  calls: content.flatMap(({ type, id, name, input }) => (type === 'tool_use' ? { id, name, input } : [])),
  stop: stop_reason,
  usage: { input: usage.input_tokens, output: usage.output_tokens },
});

async function streamed(request) {
  const pieces = [];
  const stream = client.messages.stream({ model: 'claude', max_tokens: 500, ...request });
  stream.on('text', (text) => pieces.push(text));
  return { ...messageOf(await stream.finalMessage()), pieces };
}

async function cancelled() {
  const stream = client.messages.stream({ model: 'claude-slow', max_tokens: 500, messages: user(OPEN) });
  await new Promise((resolve) => stream.once('text', resolve));
  stream.abort();
  await stream.done().catch(() => {});
  return { cancelled: true };
}

const source = { type: 'base64', media_type: 'image/png', data: PNG.split(',')[1] };
const ask = (model) => () => streamed({ model, messages: user(OPEN) });

await main({
  text: () => streamed({ messages: user(OPEN), system: 'You are a receptionist.' }),
  whole: async () =>
    messageOf(await client.messages.create({ model: 'claude', max_tokens: 500, messages: user(OPEN) })),
  'parallel tools': () => streamed({ messages: user(BOTH), tools }),
  image: () =>
    streamed({
      messages: user([
        { type: 'image', source },
        { type: 'text', text: OPEN },
      ]),
    }),
  cancelled,
  'bad request': ask('claude-bad-request'),
  'rate limited': ask('claude-rate-limited'),
  unavailable: ask('claude-unavailable'),
  'unknown model': ask('no-such-model'),
});
