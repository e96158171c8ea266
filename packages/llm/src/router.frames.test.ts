import { ManualClock } from '@firstword/turn';
import { expect, onTestFinished, test } from 'vitest';
import type { ChatEvent, ChatRequest } from './chat.js';
import { openAiCompatible } from './providers/compatible/index.js';
import { anthropic, openai } from './providers/index.js';
import { router } from './router.js';
import { readAll, readError } from './testing/read.js';
import { DONE, data, delta, finish, serve, stream, text, until } from './testing/server.js';

const BODY = { model: 'alias', messages: [{ role: 'user', content: 'Hi' }], seed: 7, temperature: null };
const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Hi' }],
  raw: { wire: 'openai-chat', body: BODY },
};

function closing<T extends { close(): Promise<void> }>(model: T): T {
  onTestFinished(() => model.close());
  return model;
}

const framesOf = (events: ChatEvent[]) => events.filter((event) => event.type === 'frame');
const sent = (events: ChatEvent[]) =>
  framesOf(events)
    .map(({ sse }) => (sse ? `data: ${sse.data}\n\n` : ''))
    .join('');

test('a client’s body is sent as it is, and every event comes back as it was', async () => {
  const pieces = [delta({ role: 'assistant' }), text('Good'), text(' morning.'), finish()];
  const usage = data({ choices: [], usage: { prompt_tokens: 3 } });
  const server = await serve((response) => stream(response, [...pieces, ': ping\n\n', usage, DONE]));
  const model = openAiCompatible({ model: 'real', baseUrl: server.baseUrl, extra: { top_k: 1, seed: 1 } });
  const llm = closing(router({ models: [model] }));
  const chat = llm.chat(REQUEST, { holdUntilClause: false });
  const events = await readAll(chat);
  expect(framesOf(events)).toHaveLength(events.length);
  expect(sent(events)).toBe([...pieces, usage].join(''));
  expect(framesOf(events).map((frame) => frame.events.map(({ type }) => type))).toEqual([
    [],
    ['text'],
    ['text'],
    ['finish'],
    ['usage'],
  ]);
  expect(chat.trace).toMatchObject({ outcome: 'finished', usage: { promptTokens: 3 } });
  expect(JSON.parse(server.requests[0]!.body)).toEqual({
    top_k: 1,
    ...BODY,
    model: 'real',
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('frames are held until the first clause, and dropped with the stream that stalls', async () => {
  const clock = new ManualClock();
  const stalled = await serve((response) => stream(response, [text('Good mor')], { open: true }));
  const healthy = await serve((response) => stream(response, [text('Hello there. '), finish(), DONE]));
  const models = [stalled, healthy].map(({ baseUrl }, index) =>
    openAiCompatible({ provider: `p${index}`, model: 'm', baseUrl }),
  );
  const llm = closing(router({ models, clock, hedge: { budget: 0 } }));
  const chat = llm.chat(REQUEST);
  const reading = readAll(chat);
  await until(() => chat.trace.attempts![0]!.outcome === 'won');
  clock.advance(600);
  expect(sent(await reading)).toBe(text('Hello there. ') + finish());
});

test('a model with another wire format gets the converted request, and answers in events', async () => {
  const server = await serve((response) =>
    stream(response, [
      data({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi.' } }),
      data({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
      data({ type: 'message_stop' }),
    ]),
  );
  const model = closing(anthropic({ model: 'm', apiKey: 'k', baseUrl: server.baseUrl }));
  expect(await readAll(model.chat({ ...REQUEST, stop: ['END'], topP: 0.5 }))).toEqual([
    { type: 'text', text: 'Hi.' },
    { type: 'finish', reason: 'stop' },
  ]);
  expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ stop_sequences: ['END'], top_p: 0.5 });
  const raw = { wire: 'openai-chat', body: BODY, unconvertible: ['logprobs'] };
  const { error } = await readError(model.chat({ ...REQUEST, raw }));
  expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining('logprobs') });
  expect(server.requests).toHaveLength(1);
});

test('a broken answer is continued without the client’s body', async () => {
  const broken = await serve((response) => {
    stream(response, [text('Good morning. ')], { open: true });
    setImmediate(() => response.destroy());
  });
  const backup = await serve((response) => stream(response, [text('How are you?'), finish(), DONE]));
  const models = [broken, backup].map(({ baseUrl }, index) =>
    openAiCompatible({ provider: `p${index}`, model: 'm', baseUrl }),
  );
  const llm = closing(router({ models, stall: { onBreak: 'continue' } }));
  const events = await readAll(llm.chat(REQUEST));
  expect(events.map(({ type }) => type)).toEqual(['frame', 'text', 'finish']);
  const { messages, seed } = JSON.parse(backup.requests[0]!.body);
  expect(messages.slice(0, 2)).toEqual([BODY.messages[0], { role: 'assistant', content: 'Good morning. ' }]);
  expect(seed).toBeUndefined();
});

test('a session has a cache key of its own, which does not show its name', async () => {
  const server = await serve((response) => stream(response, [text('Hi.'), finish(), DONE]));
  const model = closing(openai({ model: 'm', apiKey: 'k', baseUrl: server.baseUrl }));
  for (const sessionId of ['+1 555 0100', '+1 555 0100', 'other'])
    await readAll(model.chat({ ...REQUEST, sessionId }));
  await readAll(model.chat({ messages: REQUEST.messages }));
  await readAll(model.chat(REQUEST));
  const keys = server.requests.map(({ body }) => JSON.parse(body).prompt_cache_key as string | undefined);
  expect(keys[0]).toMatch(/^fw-[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  expect(keys[3]).toMatch(/^fw-/);
  // A client’s own body gets no key that it did not ask for.
  expect(keys[4]).toBeUndefined();
});

test('a reader that falls behind stops the reading, and gets everything', async () => {
  const pieces = 5_000;
  let written = 0;
  let isFull = false;
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = () => {
      isFull = false;
      while (written < pieces && !isFull) {
        written += 1;
        isFull = !response.write(text('x'.repeat(5_000)));
      }
      if (isFull) response.once('drain', write);
      else response.end(finish() + DONE);
    };
    write();
  });
  const clock = new ManualClock();
  const models = [openAiCompatible({ model: 'm', baseUrl: server.baseUrl, clock })];
  const llm = closing(router({ models, clock, coalesce: false, holdUntilClause: false }));
  const reader = llm.chat(REQUEST)[Symbol.asyncIterator]();
  let size = (await reader.next()).done ? 0 : 1;
  let seen = -1;
  for (let calm = 0; calm < 500; seen = written) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = isFull && written === seen ? calm + 1 : 0;
  }
  expect(written).toBeLessThan(pieces);
  // Neither the model nor the router takes it for a stall.
  clock.advance(60_000);
  for (let next = await reader.next(); !next.done; next = await reader.next()) size += 1;
  expect(size).toBe(pieces + 1);
});
