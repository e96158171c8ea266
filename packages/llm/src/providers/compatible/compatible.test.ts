import { expect, onTestFinished, test } from 'vitest';
import { HELLO, readAll, textOf } from '../../testing/read.js';
import {
  DONE,
  data,
  delta,
  finish,
  say,
  serve,
  stream,
  type TestServer,
  text,
} from '../../testing/server.js';
import type { HttpModelOptions } from '../http-model.js';
import { openAiCompatible } from './index.js';

function modelAt({ baseUrl }: TestServer, options: Partial<HttpModelOptions> = {}) {
  const model = openAiCompatible({ model: 'm', baseUrl, ...options });
  onTestFinished(() => model.close());
  return model;
}

test('streams text and the finish reason', async () => {
  const model = modelAt(await serve((response) => stream(response, say('Good ', 'morning.'))));
  expect(await readAll(model.chat(HELLO))).toEqual([
    { type: 'text', text: 'Good ' },
    { type: 'text', text: 'morning.' },
    { type: 'finish', reason: 'stop' },
  ]);
});

test('sends the key, the model, the messages and extra fields', async () => {
  const server = await serve((response) => stream(response, say('ok')));
  const model = modelAt(server, { apiKey: 'k-1', extra: { seed: 7 } });
  await readAll(model.chat({ ...HELLO, maxCompletionTokens: 20, extra: { seed: 8 } }));
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
  expect(request!.headers.authorization).toBe('Bearer k-1');
  expect(JSON.parse(request!.body)).toMatchObject({
    model: 'm',
    messages: [{ role: 'user', content: 'Hello' }],
    max_completion_tokens: 20,
    seed: 8,
    stream: true,
  });
});

test('reasoning is a delta but not content', async () => {
  const model = modelAt(
    await serve((r) => stream(r, [delta({ reasoning: 'hm' }), text('Yes.'), finish(), DONE])),
  );
  const chat = model.chat(HELLO);
  expect(await readAll(chat)).toContainEqual({ type: 'reasoning', text: 'hm' });
  const { firstDelta, firstContent } = chat.trace.marks;
  expect(firstContent!).toBeGreaterThanOrEqual(firstDelta!);
});

test('emits parallel tool calls complete, each once', async () => {
  const part = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
  const pieces = [
    part(0, { id: 'a', type: 'function', function: { name: 'book', arguments: '' } }),
    part(0, { function: { arguments: '{"people":' } }),
    part(0, { function: { arguments: '4}' } }),
    part(1, { id: 'b', type: 'function', function: { name: 'hours', arguments: '' } }),
    finish('tool_calls'),
    DONE,
  ];
  const model = modelAt(await serve((response) => stream(response, pieces)));
  const events = await readAll(model.chat(HELLO));
  expect(events.filter(({ type }) => type !== 'toolCallDelta')).toEqual([
    { type: 'toolCall', call: { id: 'a', name: 'book', arguments: '{"people":4}' } },
    { type: 'toolCall', call: { id: 'b', name: 'hours', arguments: '{}' } },
    { type: 'finish', reason: 'tool_calls' },
  ]);
});

test('usage, provider times and limits reach the trace', async () => {
  const model = modelAt(
    await serve((response) => {
      response.setHeader('x-ratelimit-remaining-requests', '99');
      response.setHeader('x-ratelimit-limit-requests', '100');
      response.setHeader('x-ratelimit-reset-requests', '1m26.4s');
      response.setHeader('x-request-id', 'req_1');
      const usage = {
        prompt_tokens: 10,
        completion_tokens: 3,
        prompt_tokens_details: { cached_tokens: 8 },
        queue_time: 0.02,
        prompt_time: 0.01,
      };
      stream(response, [text('ok'), finish(), data({ choices: [], usage }), DONE]);
    }),
  );
  const chat = model.chat(HELLO);
  await readAll(chat);
  expect(chat.trace).toMatchObject({
    usage: { promptTokens: 10, completionTokens: 3, cachedTokens: 8 },
    providerTime: { queueMs: 20, prefillMs: 10 },
    headroom: { requests: 99 },
    limits: { requests: { remaining: 99, limit: 100, resetMs: 86_400 } },
    requestId: 'req_1',
    status: 200,
    emulated: false,
    outcome: 'finished',
    requests: 1,
  });
});

test('the emulator identifies itself', async () => {
  const model = modelAt(
    await serve((response) => {
      response.setHeader('x-firstword-emulated', 'groq-gpt-oss-120b');
      stream(response, say('ok'));
    }),
  );
  const chat = model.chat(HELLO);
  await readAll(chat);
  expect(chat.trace).toMatchObject({ emulated: true, profile: 'groq-gpt-oss-120b' });
});

test('marks come in the order of events', async () => {
  const model = modelAt(await serve((response) => stream(response, say('ok'))));
  const chat = model.chat(HELLO);
  await readAll(chat);
  const m = chat.trace.marks;
  const times = [
    m.llmRequested,
    m.connectionReady,
    m.requestSent,
    m.responseHeaders,
    m.firstDelta,
    m.firstContent,
  ];
  expect(times.every((ms) => ms !== undefined)).toBe(true);
  expect(times).toEqual([...times].sort((a, b) => a! - b!));
});

test('reads a non-streaming answer too', async () => {
  const whole = { choices: [{ message: { role: 'assistant', content: 'Whole.' }, finish_reason: 'stop' }] };
  const model = modelAt(
    await serve((response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(whole));
    }),
  );
  expect(textOf(await readAll(model.chat(HELLO)))).toBe('Whole.');
});

test('lists the available models', async () => {
  const model = modelAt(
    await serve((response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: [{ id: 'one' }, { id: 'two' }] }));
    }),
  );
  expect(await model.listModels()).toEqual(['one', 'two']);
});
