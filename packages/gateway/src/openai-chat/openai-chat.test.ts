import { expect, test } from 'vitest';
import { CHAT, dataOf, gatewayTo, HELLO, openAiModel, post, routeTo } from '../testing/gateway.js';
import { chunk, DONE, event, finish, stream, upstream, usage } from '../testing/upstream.js';

const LOGPROBS = { content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }] };
const ANSWER = [
  chunk({ role: 'assistant', content: '', refusal: null }),
  chunk({ content: 'Good mor' }, { logprobs: LOGPROBS }),
  chunk({ content: 'ning “caller”. ' }),
  chunk({ content: 'How can I help?' }),
  finish(),
].join('');

async function answering(text: string) {
  const server = await upstream((response) => stream(response, text));
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  return { server, gateway, answered };
}

test('a stream is passed on byte for byte', async () => {
  const { gateway, answered } = await answering(`${ANSWER}${usage}${DONE}`);
  const response = await post(gateway, CHAT, {
    ...HELLO,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(await response.text()).toBe(`${ANSWER}${usage}${DONE}`);
  expect(answered).toMatchObject([
    { route: 'm', status: 200, outcome: 'finished', trace: { usage: { promptTokens: 9 } } },
  ]);
});

test('a client that has not asked for the usage does not get its chunk', async () => {
  const { gateway, answered, server } = await answering(`${ANSWER}${usage}${DONE}`);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(await response.text()).toBe(`${ANSWER}${DONE}`);
  expect(server.requests[0]!.body.stream_options).toEqual({ include_usage: true });
  expect(answered[0]!.trace!.usage).toEqual({ promptTokens: 9, completionTokens: 4 });
});

test('usage beside the finish reason stays where it is', async () => {
  const last = chunk({}, { finish_reason: 'stop' }, { usage: { prompt_tokens: 9, completion_tokens: 4 } });
  const { gateway } = await answering(`${chunk({ content: 'Hi' })}${last}${DONE}`);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(await response.text()).toBe(`${chunk({ content: 'Hi' })}${last}${DONE}`);
});

test('a request reaches a provider with the same API unchanged, but for model and stream', async () => {
  const { gateway, server } = await answering(`${ANSWER}${DONE}`);
  const body = {
    model: 'm',
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        name: 'caller',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        ],
      },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'x', strict: true, schema: { type: 'object' } },
    },
    logprobs: true,
    top_logprobs: 2,
    seed: 7,
    max_tokens: 20,
    provider_field: { nested: [1, 2] },
    stream_options: { include_obfuscation: false },
    stream: false,
  };
  const response = await post(gateway, CHAT, body);
  expect(response.status).toBe(200);
  expect(server.requests[0]!.body).toEqual({
    ...body,
    model: 'real-model',
    stream: true,
    stream_options: { include_obfuscation: false, include_usage: true },
  });
  expect(server.requests[0]!.headers.authorization).toBe('Bearer upstream-key');
});

test('a whole answer is collected from the stream, with every field', async () => {
  const { gateway } = await answering(`${ANSWER}${usage}${DONE}`);
  const response = await post(gateway, CHAT, HELLO);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(await response.json()).toEqual({
    id: 'chatcmpl-7',
    object: 'chat.completion',
    created: 1_796_000_000,
    model: 'm-2026-11-30',
    system_fingerprint: 'fp_1',
    obfuscation: 'xyz',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Good morning “caller”. How can I help?',
          refusal: null,
        },
        logprobs: LOGPROBS,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13, extra_tokens: 1 },
  });
});

const call = (index: number, id: string | undefined, name: string | undefined, args: string, more = {}) =>
  chunk({
    tool_calls: [
      {
        index,
        ...(id ? { id, type: 'function' } : {}),
        function: { ...(name ? { name } : {}), arguments: args },
        ...more,
      },
    ],
  });

test.each([
  [
    'in fragments',
    [
      call(0, 'a', 'f', ''),
      call(0, undefined, undefined, '{"x"'),
      call(0, undefined, undefined, ':1}'),
      call(1, 'b', 'g', '{}'),
    ],
  ],
  ['each at index 0', [call(0, 'a', 'f', '{"x":1}'), call(0, 'b', 'g', '{}')]],
])('parallel tool calls, %s', async (_how, calls) => {
  const text = `${calls.join('')}${finish('tool_calls')}${DONE}`;
  const { gateway } = await answering(text);
  const streamed = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(await streamed.text()).toBe(text);
  const whole = (await (await post(gateway, CHAT, HELLO)).json()) as { choices: unknown[] };
  expect(whole.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    },
  });
});

test('what a provider adds to a tool call is kept', async () => {
  const signed = call(0, 'a', 'f', '{}', { extra_content: { google: { thought_signature: 's' } } });
  const { gateway } = await answering(`${signed}${finish('tool_calls')}${DONE}`);
  const whole = (await (await post(gateway, CHAT, HELLO)).json()) as { choices: unknown[] };
  expect(whole.choices[0]).toMatchObject({
    message: { tool_calls: [{ id: 'a', extra_content: { google: { thought_signature: 's' } } }] },
  });
});

test('an answer that breaks after its first words ends as incomplete, not as stopped', async () => {
  const server = await upstream((response) => {
    stream(response, `${chunk({ content: 'Good morning. ' })}`, { open: true });
    setImmediate(() => response.destroy());
  });
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  const data = dataOf(await response.text());
  expect(data.at(-1)).toBe('[DONE]');
  expect(JSON.parse(data.at(-2)!)).toMatchObject({
    id: 'chatcmpl-7',
    model: 'm-2026-11-30',
    choices: [{ index: 0, delta: {}, finish_reason: 'length' }],
    firstword: { finish_reason: 'cut_short' },
  });
});

test('a tool call that breaks ends with an error event', async () => {
  const begun = call(0, 'a', 'book', '{"day":');
  const server = await upstream((response) => {
    stream(response, begun, { open: true });
    setImmediate(() => response.destroy());
  });
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)], { maxAttempts: 1 })]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  const data = dataOf(await response.text());
  expect(data.slice(0, -1)).toEqual(dataOf(begun));
  expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { type: 'server_error', code: 'bad_stream' } });
  expect(answered).toMatchObject([{ status: 200, outcome: 'failed', error: 'bad_stream' }]);
});

test('the answer of a backup is passed on alone', async () => {
  const broken = await upstream((response) =>
    stream(response, `${chunk({ role: 'assistant' })}${event({ error: { message: 'overloaded' } })}`),
  );
  const healthy = await upstream((response) => stream(response, `${ANSWER}${DONE}`));
  const models = [openAiModel(broken.url), openAiModel(healthy.url, 'backup')];
  const { gateway } = await gatewayTo([routeTo(models)]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(await response.text()).toBe(`${ANSWER}${DONE}`);
  expect(JSON.parse(response.headers.get('x-firstword-trace')!)).toMatchObject({
    route: 'm',
    model: 'backup/real-model',
    attempts: [
      { model: 'primary/real-model', reason: 'primary', outcome: 'failed', error: 'provider_unavailable' },
      { model: 'backup/real-model', reason: 'failover', outcome: 'won' },
    ],
  });
});

test('a stall before the first clause is replaced unheard where the route holds the clause', async () => {
  const stalled = await upstream((response) =>
    stream(response, chunk({ content: 'Good mor' }), { open: true }),
  );
  const healthy = await upstream((response) => stream(response, `${ANSWER}${DONE}`));
  const models = [openAiModel(stalled.url), openAiModel(healthy.url, 'backup')];
  const route = routeTo(models, { stall: { beforeClauseMs: 40 } });
  const { gateway } = await gatewayTo([{ ...route, holdUntilClause: true }]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(await response.text()).toBe(`${ANSWER}${DONE}`);
});

test('a broken answer is continued by another model, as one completion', async () => {
  const broken = await upstream((response) => {
    stream(response, chunk({ role: 'assistant', content: 'Good morning. ' }), { open: true });
    setImmediate(() => response.destroy());
  });
  const backup = await upstream((response) =>
    stream(response, `${chunk({ content: 'How are you?' }, {}, { id: 'other' })}${finish()}${DONE}`),
  );
  const models = [openAiModel(broken.url), openAiModel(backup.url, 'backup')];
  const { gateway } = await gatewayTo([routeTo(models, { stall: { onBreak: 'continue' } })]);
  const data = dataOf(await (await post(gateway, CHAT, { ...HELLO, stream: true })).text());
  const chunks = data.slice(0, -1).map((text) => JSON.parse(text));
  expect(chunks.map(({ id }) => id)).toEqual(['chatcmpl-7', 'chatcmpl-7', 'chatcmpl-7']);
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(
    'Good morning. How are you?',
  );
  expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
});
