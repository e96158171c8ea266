import { describe, expect, it } from 'vitest';
import type { Emulator } from '../emulator.js';
import { emulatorForTest, HELLO, parseSse, post } from '../testing/client.js';

const BOOK = {
  name: 'book_table',
  input_schema: { type: 'object', properties: { guests: { type: 'integer' } }, required: ['guests'] },
};

function send(emulator: Emulator, more: object = {}): Promise<Response> {
  const body = { model: 'instant', max_tokens: 500, messages: HELLO, stream: true, ...more };
  return post(`${emulator.url}/messages`, body);
}

async function events(response: Response) {
  return parseSse(await response.text()).map(({ event, data }) => {
    const fields = JSON.parse(data);
    expect(fields.type).toBe(event);
    return fields;
  });
}

describe('streaming', () => {
  it('sends message_start, one text block and message_stop', async () => {
    const response = await send(await emulatorForTest());
    expect(response.headers.get('request-id')).toMatch(/emulated/);
    const all = await events(response);
    const types = all.map((event) => event.type).join(' ');
    expect(types).toMatch(
      /^message_start ping content_block_start (content_block_delta )+content_block_stop message_delta message_stop$/,
    );
    expect(all.map((event) => event.delta?.text ?? '').join('')).toMatch(/noon/);
    expect(all.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: expect.any(Number) },
    });
  });

  it('streams a tool call as a block of argument JSON', async () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'a table for four' }] }];
    const all = await events(
      await send(await emulatorForTest(), { messages, tools: [BOOK], tool_choice: { type: 'any' } }),
    );
    const start = all.find((event) => event.type === 'content_block_start');
    expect(start.content_block).toMatchObject({ type: 'tool_use', name: 'book_table', input: {} });
    expect(JSON.parse(all.map((event) => event.delta?.partial_json ?? '').join(''))).toEqual({ guests: 4 });
    expect(all.at(-2).delta.stop_reason).toBe('tool_use');
  });

  it('sends reasoning in a thinking block when thinking is enabled', async () => {
    const emulator = await emulatorForTest();
    const all = await events(
      await send(emulator, { model: 'claude-haiku-4-5', thinking: { type: 'enabled', budget_tokens: 1024 } }),
    );
    const blocks = all.filter((event) => event.type === 'content_block_start');
    expect(blocks.map((event) => [event.index, event.content_block.type])).toEqual([
      [0, 'thinking'],
      [1, 'text'],
    ]);
  });
});

it('answers unstreamed from a tool result', async () => {
  const messages = [
    { role: 'user', content: 'a table for four' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 't1', name: 'book_table', input: { guests: 4 } }],
    },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 't1', content: '{"message":"Full.","ok":false}' }],
    },
  ];
  const body = await (await send(await emulatorForTest(), { stream: false, messages, tools: [BOOK] })).json();
  expect(body).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
  expect(body.content[0].text).toMatch(/sorry, full/);
});

describe('caching', () => {
  const system = (words: number, cached: boolean) => [
    {
      type: 'text',
      text: Array.from({ length: words }, (_, i) => `rule${i}`).join(' '),
      ...(cached ? { cache_control: { type: 'ephemeral' } } : {}),
    },
  ];
  const usageOf = async (emulator: Emulator, words: number, cached: boolean) =>
    (
      await (
        await send(emulator, { model: 'claude-haiku-4-5', stream: false, system: system(words, cached) })
      ).json()
    ).usage;

  it('writes what a marker covers, then reads it, and does not count it as input', async () => {
    const emulator = await emulatorForTest({ profile: 'claude-haiku-4.5' });
    const first = await usageOf(emulator, 4500, true);
    const second = await usageOf(emulator, 4500, true);
    expect(first.cache_creation_input_tokens).toBeGreaterThanOrEqual(4096);
    expect(first.cache_read_input_tokens).toBe(0);
    expect(second).toMatchObject({
      cache_read_input_tokens: first.cache_creation_input_tokens,
      cache_creation_input_tokens: 0,
      input_tokens: first.input_tokens,
    });
  });

  it.each([
    ['without a marker', 4500, false],
    ['under the minimum', 3000, true],
  ] as const)('silently does nothing %s', async (_, words, cached) => {
    const emulator = await emulatorForTest();
    await usageOf(emulator, words, cached);
    expect(await usageOf(emulator, words, cached)).toMatchObject({
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
    });
  });
});

it.each([
  ['no max_tokens', { max_tokens: undefined }, 400, 'invalid_request_error'],
  ['no messages', { messages: [] }, 400, 'invalid_request_error'],
  ['a role that is none', { messages: [{ role: 'system', content: 'x' }] }, 400, 'invalid_request_error'],
  ['an unknown model', { model: 'claude-9' }, 404, 'not_found_error'],
])('%s gets an error in Anthropic’s shape', async (_, more, status, type) => {
  const response = await send(await emulatorForTest({ strict: true }), more);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ type: 'error', error: { type } });
});
