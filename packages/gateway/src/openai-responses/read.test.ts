import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import type { JsonFields } from '../answer/fields.js';
import { ConversationStore } from './conversation-store.js';
import { readOpenAiResponses } from './read.js';

const store = new ConversationStore();
const read = (body: JsonFields) => readOpenAiResponses({ model: 'm', ...body }, store);
/** The chat completion request that models of the same API get. */
const chatBody = (body: JsonFields) => read(body).chat.raw!.body;

it('reads a text, and items of a conversation with tools', () => {
  expect(chatBody({ input: 'Hello', instructions: 'Be brief.' }).messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ]);
  const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
  const input = [
    { role: 'developer', content: 'Be kind.' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'A' },
        { type: 'input_text', text: 'B' },
      ],
    },
    { type: 'reasoning', id: 'rs', summary: [] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Wait.' }] },
    call('c1'),
    call('c2'),
    { type: 'function_call_output', call_id: 'c1', output: '1' },
    { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: '2' }] },
    call('c3'),
  ];
  const toolCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
  expect(chatBody({ input }).messages).toEqual([
    { role: 'developer', content: 'Be kind.' },
    { role: 'user', content: 'AB' },
    { role: 'assistant', content: 'Wait.', tool_calls: [toolCall('c1'), toolCall('c2')] },
    { role: 'tool', tool_call_id: 'c1', content: '1' },
    { role: 'tool', tool_call_id: 'c2', content: '2' },
    { role: 'assistant', content: null, tool_calls: [toolCall('c3')] },
  ]);
});

it('keeps images with their detail, and tells other models about them', () => {
  const image = { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'low' };
  const { chat } = read({
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'What?' }, image] }],
  });
  expect(chat.raw!.body.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
      ],
    },
  ]);
  expect(chat.messages[0]!.content).toEqual([
    { type: 'text', text: 'What?' },
    { type: 'image', url: 'data:image/png;base64,AA' },
  ]);
});

it('maps tools, formats, reasoning and limits', () => {
  const body = chatBody({
    input: 'x',
    tools: [{ type: 'function', name: 'f', description: null, parameters: { type: 'object' }, strict: true }],
    tool_choice: { type: 'function', name: 'f' },
    parallel_tool_calls: false,
    text: {
      format: { type: 'json_schema', name: 's', schema: { type: 'object' }, strict: true },
      verbosity: 'low',
    },
    reasoning: { effort: 'low' },
    max_output_tokens: 50,
    temperature: 0,
    store: true,
  });
  expect(body).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } }],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 's', schema: { type: 'object' }, strict: true },
    },
    verbosity: 'low',
    reasoning_effort: 'low',
    max_completion_tokens: 50,
    temperature: 0,
  });
  const livekit = {
    input: 'x',
    tools: [{ type: 'function', name: 'f' }],
    tool_choice: { type: 'function', function: { name: 'f' } },
  };
  expect(chatBody(livekit).tool_choice).toEqual({ type: 'function', function: { name: 'f' } });
  expect(chatBody({ input: 'x', tools: [], tool_choice: 'auto', parallel_tool_calls: true })).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
  });
});

it.each<[JsonFields, RegExp]>([
  [{}, /input must have/],
  [{ input: 3 }, /input must be a list/],
  [{ input: 'x', model: undefined }, /model must be a text/],
  [
    { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] },
    /input\[0\].content\[0\]: .*input_file/,
  ],
  [
    { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
    /image_url must be a text/,
  ],
  [{ input: [{ type: 'item_reference', id: 'x' }] }, /not stored/],
  [{ input: [{ type: 'computer_call', id: 'x' }] }, /input\[0\]: .*computer_call/],
  [{ input: [{ role: 'robot', content: 'x' }] }, /input\[0\].role/],
  [{ input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, /input\[0\].call_id/],
  [{ input: 'x', tools: [{ type: 'web_search' }] }, /tools\[0\]: .*web_search/],
  [{ input: 'x', tools: [{ type: 'function' }] }, /tools\[0\].name/],
  [
    { input: 'x', tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'web_search' } },
    /tool_choice must be/,
  ],
  [{ input: 'x', text: { format: { type: 'xml' } } }, /text.format.type/],
  [{ input: 'x', background: true }, /does not support background/],
  [{ input: 'x', conversation: 'conv_1' }, /previous_response_id/],
  [{ input: 'x', top_logprobs: 3 }, /top_logprobs/],
])('refuses %j and names the field', (body, message) => {
  expect(() => read(body)).toThrow(message);
});

it('continues a stored conversation without the instructions of its first request', () => {
  store.write('resp_1', [
    { role: 'user', content: 'A table.' },
    { role: 'assistant', content: 'When?' },
  ]);
  const { conversation, chat } = read({
    previous_response_id: 'resp_1',
    input: 'Today.',
    instructions: 'New.',
  });
  expect(conversation.map(({ content }) => content)).toEqual(['A table.', 'When?', 'Today.']);
  expect(chat.messages.map(({ content }) => content)).toEqual(['New.', 'A table.', 'When?', 'Today.']);
  // The stored messages are not changed by what is added.
  const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
  read({ previous_response_id: 'resp_1', input: [call] });
  expect(store.read('resp_1')[1]).toEqual({ role: 'assistant', content: 'When?' });
});

it('takes what LiveKit’s plugins send again for what the caller heard of the previous response', () => {
  const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
  const heard = {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'One moment' }],
  };
  store.write('resp_3', [
    { role: 'user', content: 'Book.' },
    { role: 'assistant', content: 'One moment, please.', tool_calls: [call('c1'), call('c2')] },
  ]);
  const again = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
  const results = ['c1', 'c2'].map((id) => ({ type: 'function_call_output', call_id: id, output: 'ok' }));
  const input = [heard, again('c1'), again('c2'), ...results, { role: 'user', content: 'Thanks.' }];
  expect(read({ previous_response_id: 'resp_3', input }).conversation).toEqual([
    { role: 'user', content: 'Book.' },
    { role: 'assistant', content: 'One moment', tool_calls: [call('c1'), call('c2')] },
    { role: 'tool', tool_call_id: 'c1', content: 'ok' },
    { role: 'tool', tool_call_id: 'c2', content: 'ok' },
    { role: 'user', content: 'Thanks.' },
  ]);
  // Another text is another message.
  const other = { role: 'assistant', content: 'Something else.' };
  expect(read({ previous_response_id: 'resp_3', input: [other] }).conversation).toHaveLength(3);
});

it('resolves references to items of a stored answer', () => {
  const items = [
    { id: 'rs_2', type: 'reasoning', summary: [] },
    {
      id: 'msg_2',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'One moment.' }],
    },
    { id: 'fc_2', type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
  ];
  store.write('resp_2', [], items);
  const { conversation } = read({
    input: [
      { role: 'user', content: 'Book.' },
      ...items.map(({ id }) => ({ type: 'item_reference', id })),
      { type: 'function_call_output', call_id: 'c', output: 'ok' },
    ],
  });
  expect(conversation).toEqual([
    { role: 'user', content: 'Book.' },
    {
      role: 'assistant',
      content: 'One moment.',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: 'ok' },
  ]);
});

const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { labels?: { code?: string } }).labels?.code;
  }
  return undefined;
};

it('refuses a conversation that is not stored with the code at which clients send all of it', () => {
  expect(codeOf(() => read({ previous_response_id: 'resp_no', input: 'x' }))).toBe(
    'previous_response_not_found',
  );
});

it('forgets conversations by age, number and length, those used longest ago first', () => {
  const clock = new ManualClock();
  const bounded = new ConversationStore({ maxEntries: 3, maxLength: 400, maxAgeMs: 1_000, clock });
  const isThere = (id: string) => codeOf(() => bounded.read(id)) === undefined;
  for (const id of ['a', 'b', 'c']) bounded.write(id, [{ content: 'x' }]);
  expect(isThere('a')).toBe(true);
  bounded.write('d', [{ content: 'x' }]);
  expect(['a', 'b', 'c', 'd'].map(isThere)).toEqual([true, false, true, true]);
  bounded.write('e', [{ content: 'y'.repeat(360) }]);
  expect(['a', 'c', 'd', 'e'].map(isThere)).toEqual([false, false, true, true]);
  clock.advance(1_001);
  expect(isThere('e')).toBe(false);
});
