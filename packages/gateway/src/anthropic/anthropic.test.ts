import { expect, test } from 'vitest';
import {
  anthropicModel,
  CHAT,
  dataOf,
  gatewayTo,
  HELLO,
  MESSAGES,
  openAiModel,
  post,
  routeTo,
} from '../testing/gateway.js';
import { chunk, DONE, event, finish, stream, upstream, usage } from '../testing/upstream.js';

const typed = (value: { type: string }) => event(value, value.type);
const START = typed({
  type: 'message_start',
  message: {
    id: 'msg_7',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1, service_tier: 'standard' },
  },
} as { type: string });
const block = (index: number, content: object) =>
  typed({ type: 'content_block_start', index, content_block: content } as { type: string });
const delta = (index: number, fields: object) =>
  typed({ type: 'content_block_delta', index, delta: fields } as { type: string });
const close = (index: number) => typed({ type: 'content_block_stop', index } as { type: string });
const end = (reason: string) =>
  typed({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 12 },
  } as { type: string }) + typed({ type: 'message_stop' });

const ANSWER = [
  START,
  block(0, { type: 'thinking', thinking: '', signature: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'Hm.' }),
  delta(0, { type: 'signature_delta', signature: 'sig' }),
  close(0),
  typed({ type: 'ping' }),
  block(1, { type: 'text', text: '' }),
  delta(1, { type: 'text_delta', text: 'Good morning. ' }),
  delta(1, { type: 'text_delta', text: 'One moment.' }),
  close(1),
  block(2, { type: 'tool_use', id: 'toolu_1', name: 'book', input: {} }),
  delta(2, { type: 'input_json_delta', partial_json: '{"day":' }),
  delta(2, { type: 'input_json_delta', partial_json: '"Monday"}' }),
  close(2),
  end('tool_use'),
].join('');

const ASK = { ...HELLO, max_tokens: 100 };

test('a stream is passed on byte for byte', async () => {
  const server = await upstream((response) => stream(response, ANSWER));
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)])]);
  const body = {
    ...ASK,
    stream: true,
    thinking: { type: 'enabled', budget_tokens: 1024 },
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    metadata: { user_id: 'u' },
  };
  const response = await post(gateway, MESSAGES, body, { headers: { 'anthropic-version': '2023-06-01' } });
  expect(await response.text()).toBe(ANSWER);
  expect(response.headers.get('request-id')).toMatch(/^fw-/);
  expect(server.requests[0]!.body).toEqual({ ...body, model: 'real-model' });
});

test('a whole message is collected from the stream', async () => {
  const server = await upstream((response) => stream(response, ANSWER));
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)])]);
  expect(await (await post(gateway, MESSAGES, ASK)).json()).toEqual({
    id: 'msg_7',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'text', text: 'Good morning. One moment.' },
      { type: 'tool_use', id: 'toolu_1', name: 'book', input: { day: 'Monday' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 12, service_tier: 'standard' },
  });
});

const TOOL_ANSWER = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'One moment.' }),
  chunk({
    tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
  }),
  chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } }] }),
  finish('tool_calls'),
  usage,
  DONE,
].join('');

test('a client of Anthropic is answered by a model of OpenAI', async () => {
  const server = await upstream((response) => stream(response, TOOL_ANSWER));
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const body = {
    model: 'm',
    max_tokens: 50,
    system: 'Be brief.',
    stop_sequences: ['END'],
    temperature: 0.5,
    tools: [{ name: 'f', description: 'F', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'toolu_0', name: 'f', input: { x: 0 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_0', content: [{ type: 'text', text: 'done' }] },
          { type: 'text', text: 'And this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
    ],
  };
  const response = await post(gateway, MESSAGES, body);
  expect(await response.json()).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'g', input: {} },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 9, output_tokens: 4 },
  });
  expect(server.requests[0]!.body).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'Let me see.' }],
        tool_calls: [{ id: 'toolu_0', function: { name: 'f', arguments: '{"x":0}' } }],
      },
      { role: 'tool', tool_call_id: 'toolu_0', content: [{ type: 'text', text: 'done' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ],
    tool_choice: 'required',
    parallel_tool_calls: false,
    max_completion_tokens: 50,
    temperature: 0.5,
    stop: ['END'],
  });
});

test('its stream has the events of Anthropic, in order', async () => {
  const server = await upstream((response) => stream(response, TOOL_ANSWER));
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const text = await (await post(gateway, MESSAGES, { ...ASK, stream: true })).text();
  const events = dataOf(text).map((data) => JSON.parse(data));
  expect(events.map(({ type, index }) => (index === undefined ? type : `${type} ${index}`))).toEqual([
    'message_start',
    'content_block_start 0',
    'content_block_delta 0',
    'content_block_stop 0',
    'content_block_start 1',
    'content_block_delta 1',
    'content_block_stop 1',
    'content_block_start 2',
    'content_block_delta 2',
    'content_block_stop 2',
    'message_delta',
    'message_stop',
  ]);
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: 'tool_use' },
    usage: { input_tokens: 9, output_tokens: 4 },
  });
  expect(text.match(/^event: /gm)).toHaveLength(events.length);
});

test('a client of OpenAI is answered by a model of Anthropic', async () => {
  const server = await upstream((response) => stream(response, ANSWER));
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)])]);
  const body = {
    ...HELLO,
    messages: [{ role: 'developer', content: 'Be brief.' }, ...HELLO.messages],
    max_tokens: 20,
    stop: 'END',
    top_p: 0.9,
    tools: [{ type: 'function', function: { name: 'book', parameters: { type: 'object' } } }],
    stream: true,
    stream_options: { include_usage: true },
  };
  const data = dataOf(await (await post(gateway, CHAT, body)).text());
  expect(data.at(-1)).toBe('[DONE]');
  const chunks = data.slice(0, -1).map((each) => JSON.parse(each));
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
    { role: 'assistant', reasoning_content: 'Hm.' },
    { content: 'Good morning. ' },
    { content: 'One moment.' },
    {
      tool_calls: [
        {
          index: 0,
          id: 'toolu_1',
          type: 'function',
          function: { name: 'book', arguments: '{"day":"Monday"}' },
        },
      ],
    },
    {},
    undefined,
  ]);
  expect(chunks.at(-1).usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 });
  expect(server.requests[0]!.body).toMatchObject({
    model: 'real-model',
    max_tokens: 20,
    stop_sequences: ['END'],
    top_p: 0.9,
    system: [{ type: 'text', text: 'Be brief.' }],
    tools: [{ name: 'book' }],
  });
});

test('what another API cannot express is refused, with its name', async () => {
  const server = await upstream((response) => stream(response, ANSWER));
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)])]);
  const response = await post(gateway, CHAT, {
    ...HELLO,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('response_format');
  expect(server.requests).toEqual([]);
});

test('a message that breaks ends as incomplete, with its block closed', async () => {
  const server = await upstream((response) => {
    const begun = START + block(0, { type: 'text', text: '' });
    stream(response, begun + delta(0, { type: 'text_delta', text: 'Good morning. ' }), { open: true });
    setImmediate(() => response.destroy());
  });
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)])]);
  const data = dataOf(await (await post(gateway, MESSAGES, { ...ASK, stream: true })).text());
  expect(data.slice(-3).map((each) => JSON.parse(each))).toMatchObject([
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'max_tokens' },
      firstword: { finish_reason: 'cut_short' },
    },
    { type: 'message_stop' },
  ]);
});

test('a tool call that breaks ends with an error event', async () => {
  const server = await upstream((response) => {
    const begun = START + block(0, { type: 'tool_use', id: 'a', name: 'f', input: {} });
    stream(response, begun + delta(0, { type: 'input_json_delta', partial_json: '{"x' }), { open: true });
    setImmediate(() => response.destroy());
  });
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)], { maxAttempts: 1 })]);
  const text = await (await post(gateway, MESSAGES, { ...ASK, stream: true })).text();
  expect(text).toMatch(/event: error\ndata: .*"type":"error".*"api_error"/);
});
