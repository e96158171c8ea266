import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChatEvent } from '../chat.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { DONE, data, delta, finish, serve, text } from '../testing/server.js';
import { httpModel } from './http-model.js';
import { PROVIDERS } from './index.js';

/** What a provider really sends, or a gateway in front of it, although its documentation says otherwise. */
async function ask(provider: string, pieces: string[], type = 'text/event-stream') {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': type });
    for (const piece of pieces) response.write(piece);
    response.end();
  });
  const found = PROVIDERS.find(({ name }) => name === provider)!;
  const model = httpModel(found, { model: 'm', baseUrl: server.baseUrl, apiKey: 'key:secret' });
  onTestFinished(() => model.close());
  return model.chat(HELLO);
}

const callsOf = (events: ChatEvent[]) =>
  events.flatMap((event) => (event.type === 'toolCall' ? [event.call] : []));

const named = (type: string, fields: object) => `event: ${type}\n${data({ type, ...fields })}`;
const gemini = (candidate: object) => data({ candidates: [candidate] });

describe('tool calls of OpenAI-compatible servers', () => {
  const part = (
    index: number | undefined,
    id: string | undefined,
    name: string | undefined,
    args?: unknown,
  ) => delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] });
  const X = { name: 'a', arguments: '{"x":1}' };
  const Y = { name: 'b', arguments: '{"y":2}' };

  test.each<[string, string[], { id?: string; name: string; arguments: string }[]]>([
    [
      'index 0 for each call (Ollama: ollama#15457; Dynamo: dynamo#4723; LiteLLM: litellm#21331)',
      [part(0, 'c1', 'a', '{"x":1}'), part(0, 'c2', 'b', '{"y":2}')],
      [
        { id: 'c1', ...X },
        { id: 'c2', ...Y },
      ],
    ],
    [
      'the same tool twice, index 0, in fragments (SGLang: sglang#7117)',
      [
        part(0, 'c1', 'a', ''),
        part(0, undefined, undefined, '{"x":1}'),
        part(0, 'c2', 'a', ''),
        part(0, undefined, undefined, '{"x":2}'),
      ],
      [
        { id: 'c1', ...X },
        { id: 'c2', name: 'a', arguments: '{"x":2}' },
      ],
    ],
    [
      'no index and no id, the same tool twice (Gemini’s compatible API: open-webui/computer#224)',
      [part(undefined, '', 'a', '{"x":1}'), part(undefined, '', 'a', '{"x":1}')],
      [X, X],
    ],
    [
      'interleaved fragments',
      [
        part(0, 'c1', 'a', '{"x"'),
        part(1, 'c2', 'b', '{"y"'),
        part(0, undefined, undefined, ':1}'),
        part(1, undefined, undefined, ':2}'),
      ],
      [
        { id: 'c1', ...X },
        { id: 'c2', ...Y },
      ],
    ],
    [
      'interleaved fragments with index 0 and ids',
      [
        part(0, 'c1', 'a', '{"x"'),
        part(0, 'c2', 'b', '{"y"'),
        part(0, 'c1', undefined, ':1}'),
        part(0, 'c2', undefined, ':2}'),
      ],
      [
        { id: 'c1', ...X },
        { id: 'c2', ...Y },
      ],
    ],
    [
      'the second call begins with index 0 and goes on with index 1 (agno#8879)',
      [part(0, 'c1', 'a', '{"x":1}'), part(0, 'c2', 'b', ''), part(1, undefined, undefined, '{"y":2}')],
      [
        { id: 'c1', ...X },
        { id: 'c2', ...Y },
      ],
    ],
    [
      'fragments that are numbered instead of calls (Nebius, Cerebras: dirac#215)',
      [part(0, 'c1', 'a', ''), part(1, undefined, undefined, '{"x"'), part(2, undefined, undefined, ':1}')],
      [{ id: 'c1', ...X }],
    ],
    [
      'an id of its own in each fragment (vllm#23522)',
      [part(0, 'c1', 'a', ''), part(0, 'c2', undefined, '{"x"'), part(0, 'c3', undefined, ':1}')],
      [{ id: 'c1', ...X }],
    ],
    [
      'one call under two indexes, and once more whole (LocalAI: LocalAI#9722)',
      [part(0, 'c1', 'a', ''), part(1, 'c1', 'a', '{"x":1}'), part(1, 'c1', 'a', '{"x":1}')],
      [{ id: 'c1', ...X }],
    ],
    ['an id that is repeated', [part(0, 'c1', 'a', '{"x":1}'), part(1, 'c1', 'b', '{"y":2}')], [X, Y]],
    ['arguments as an object', [part(0, 'c1', 'a', { x: 1 })], [{ id: 'c1', ...X }]],
    ['an empty fragment first', [part(0, '', '', ''), part(0, 'c1', 'a', '{"x":1}')], [{ id: 'c1', ...X }]],
  ])('%s', async (_name, pieces, expected) => {
    // Gemini’s compatible API and Ollama finish tool calls with "stop".
    const events = await readAll(await ask('openai', [...pieces, finish('stop'), DONE]));
    const calls = callsOf(events);
    expect(calls).toMatchObject(expected);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(expected.length);
    for (const { id } of calls) expect(id).toMatch(/^.{1,40}$/);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
  });

  test.each([
    ['a call without a name', [part(0, 'c1', undefined, '{"x":1}')]],
    ['arguments that go on after their end', [part(0, 'c1', 'a', '{"x":1}'), part(0, 'c1', undefined, '{}')]],
    ['arguments that are no object', [part(0, 'c1', 'a', '[1]')]],
    ['arguments of another type', [part(0, 'c1', 'a', 5)]],
    ['a name of another type', [delta({ tool_calls: [{ function: { name: { a: 1 }, arguments: '{}' } }] })]],
    ['endless calls', Array.from({ length: 200 }, (_, n) => part(n, `c${n}`, 'a', '{}'))],
  ])('%s is a typed error', async (_name, pieces) => {
    const { error } = await readError(await ask('openai', [...pieces, finish('tool_calls'), DONE]));
    expect(error).toMatchObject({ code: 'bad_stream', retryable: true });
  });
});

describe('words', () => {
  test.each<[string, string, string[], string]>([
    [
      'content in parts (Mistral)',
      'openai',
      [
        delta({
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
            { type: 'text', text: 'Hi' },
          ],
        }),
        delta({ content: ['.'] }),
        finish(),
      ],
      'Hi.',
    ],
    ['a refusal', 'openai', [delta({ content: '', refusal: 'I cannot.' }), finish()], 'I cannot.'],
    [
      'numbers and objects instead of usage, ids and finish reason',
      'openai',
      [
        text('Hi.'),
        data({
          id: 7,
          choices: [{ delta: {}, finish_reason: 1 }],
          usage: 'none',
          service_tier: {},
          timings: [1],
          x_groq: 'no',
          time_info: { total_time: 'long' },
          new_field: { a: [1] },
        }),
      ],
      'Hi.',
    ],
    [
      'numbers and objects instead of usage, ids and finish reason',
      'anthropic',
      [
        named('message_start', { message: { usage: [] } }),
        named('content_block_start', { index: '0', content_block: { type: 'text', text: '' } }),
        named('content_block_delta', { index: '0', delta: { type: 'text_delta', text: 'Hi.' } }),
        named('a_new_event', { content: 1 }),
        named('message_delta', { delta: { stop_reason: 3 }, usage: { output_tokens: '4' } }),
        named('message_stop', {}),
      ],
      'Hi.',
    ],
    [
      'numbers and objects instead of usage, ids and finish reason',
      'gemini',
      [
        gemini({ content: { parts: [{ text: 'Hi.', thoughtSignature: 4 }] }, finishReason: 1 }),
        data({ usageMetadata: { promptTokenCount: 'x', candidatesTokenCount: -1 } }),
      ],
      'Hi.',
    ],
    [
      'CR line ends and a byte order mark',
      'openai',
      [`\uFEFF${text('Hi.')}${finish()}`.replaceAll('\n', '\r')],
      'Hi.',
    ],
  ])('%s: %s', async (_name, provider, pieces, expected) => {
    const chat = await ask(provider, pieces);
    const events = await readAll(chat);
    expect(textOf(events)).toBe(expected);
    expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
    for (const value of Object.values(chat.trace.usage ?? {})) expect(value).toBeTypeOf('number');
  });

  test.each([
    ['openai', [delta({ content: { text: 'Hi.' } }), finish(), DONE]],
    ['openai', [data({ choices: 'none' }), finish(), DONE]],
    ['anthropic', [named('content_block_delta', { delta: { text: ['Hi.'] } }), named('message_stop', {})]],
    ['gemini', [gemini({ content: { parts: [{ text: { a: 1 } }] }, finishReason: 'STOP' })]],
    ['gemini', [gemini({ content: { parts: [{ functionCall: { args: {} } }] }, finishReason: 'STOP' })]],
  ])('%s: words of an unknown type are a typed error, never spoken', async (provider, pieces) => {
    const { error, events } = await readError(await ask(provider, pieces));
    expect(error).toMatchObject({ code: 'bad_stream', retryable: true });
    expect(textOf(events)).toBe('');
  });

  test('a Gemini reason by number', async () => {
    const chat = await ask('gemini', [gemini({ content: { parts: [{ text: 'Hi.' }] }, finishReason: 2 })]);
    expect(await readAll(chat)).toContainEqual({ type: 'finish', reason: 'length' });
  });
});

describe('a content type that is wrong', () => {
  test('a stream called JSON is read', async () => {
    const chat = await ask('openai', [text('Hi.'), finish(), DONE], 'application/json');
    expect(textOf(await readAll(chat))).toBe('Hi.');
  });

  test('an answer or an error in one piece called a stream is read', async () => {
    const whole = { choices: [{ message: { content: 'Hi.' }, finish_reason: 'stop' }] };
    expect(textOf(await readAll(await ask('openai', [JSON.stringify(whole)])))).toBe('Hi.');
    const { error } = await readError(await ask('openai', ['{"error":{"message":"overloaded"}}']));
    expect(error).toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('interleaved blocks of Anthropic', () => {
  test('are separate calls', async () => {
    const start = (index: number, name: string) =>
      named('content_block_start', {
        index,
        content_block: { type: 'tool_use', id: `t${index}`, name, input: {} },
      });
    const args = (index: number, partial_json: string) =>
      named('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
    const stop = (index: number) => named('content_block_stop', { index });
    const pieces = [start(0, 'a'), start(1, 'b'), args(0, '{"x"'), args(1, '{"y"'), args(0, ':1}'), stop(0)];
    const end = [args(1, ':2}'), stop(1), named('message_delta', { delta: { stop_reason: 'tool_use' } })];
    const events = await readAll(await ask('anthropic', [...pieces, ...end, named('message_stop', {})]));
    expect(callsOf(events)).toEqual([
      { id: 't0', name: 'a', arguments: '{"x":1}' },
      { id: 't1', name: 'b', arguments: '{"y":2}' },
    ]);
  });

  test('input that is given whole is read', async () => {
    const block = { type: 'tool_use', id: 't', name: 'a', input: { x: 1 } };
    const pieces = [
      named('content_block_start', { index: 0, content_block: block }),
      named('content_block_stop', { index: 0 }),
      named('message_delta', { delta: { stop_reason: 'tool_use' } }),
      named('message_stop', {}),
    ];
    const calls = callsOf(await readAll(await ask('anthropic', pieces)));
    expect(calls).toEqual([{ id: 't', name: 'a', arguments: '{"x":1}' }]);
  });
});
