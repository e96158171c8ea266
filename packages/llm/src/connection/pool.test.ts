import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ManualClock } from '@firstword/turn';
import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { say, serve, stream, text, until } from '../testing/server.js';
import { Pool } from './pool.js';

async function warmable(answer: Parameters<typeof serve>[0], clock?: ManualClock) {
  const server = await serve(answer);
  const model = openAiCompatible({ model: 'm', baseUrl: server.baseUrl, ...(clock ? { clock } : {}) });
  onTestFinished(() => model.close());
  return { server, model };
}

const answer = (response: Parameters<typeof stream>[0]) => stream(response, say('ok'));

test('the first request is cold, the next finds the connection open', async () => {
  const { model, server } = await warmable(answer);
  const first = model.chat(HELLO);
  await readAll(first);
  expect(first.trace.connection).toMatchObject({ state: 'cold', tcpMs: expect.any(Number) });
  await new Promise((resolve) => setImmediate(resolve));
  const second = model.chat(HELLO);
  await readAll(second);
  expect(second.trace.connection).toEqual({ state: 'reused' });
  expect(server.connections).toBe(1);
});

test('warming opens two connections and sends no request', async () => {
  const { model, server } = await warmable(answer);
  await model.warm();
  await until(() => server.connections === 2);
  expect(server.requests).toHaveLength(0);
  const chat = model.chat(HELLO);
  await readAll(chat);
  expect(chat.trace.connection).toEqual({ state: 'reused' });
});

test('a request in the same tick in which another ends finds a warm connection', async () => {
  const { model } = await warmable(answer);
  await model.warm();
  await readAll(model.chat(HELLO));
  const chat = model.chat(HELLO);
  await readAll(chat);
  expect(chat.trace.connection).toEqual({ state: 'reused' });
});

test('replaces the connection of a cancelled request in the background', async () => {
  const { model, server } = await warmable((response) => stream(response, [text('One')], { open: true }));
  await model.warm();
  await until(() => server.sockets.size === 2);
  const chat = model.chat(HELLO);
  await until(() => chat.trace.marks.firstContent !== undefined);
  chat.cancel();
  await until(() => server.connections === 3 && server.sockets.size === 2);
});

test('an idle connection that the server closes is replaced', async () => {
  const clock = new ManualClock();
  const { model, server } = await warmable(answer, clock);
  await model.warm();
  await until(() => server.sockets.size === 2);
  clock.advance(60_000);
  for (const socket of server.sockets) socket.end();
  await until(() => server.connections === 4);
});

test('an idle connection is not replaced once the model is out of use', async () => {
  const clock = new ManualClock();
  const { model, server } = await warmable(answer, clock);
  await model.warm();
  await until(() => server.sockets.size === 2);
  clock.advance(3_600_000);
  for (const socket of server.sockets) socket.end();
  await until(() => server.sockets.size === 0);
  expect(server.connections).toBe(2);
});

test('resends a request that was lost on a connection that had just closed', async () => {
  let swallow = false;
  const { model, server } = await warmable((response) => {
    if (swallow) response.socket!.destroy();
    else answer(response);
    swallow = false;
  });
  await model.warm();
  swallow = true;
  const chat = model.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('ok');
  expect(chat.trace.requests).toBe(2);
  expect(server.requests).toHaveLength(2);
});

test('resends a request even if every idle connection was closed', async () => {
  let stale: Set<unknown> = new Set();
  const { model, server } = await warmable((response) => {
    if (stale.has(response.socket)) response.socket!.destroy();
    else answer(response);
  });
  await model.warm();
  await until(() => server.sockets.size === 2);
  stale = new Set(server.sockets);
  const chat = model.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('ok');
  expect(chat.trace).toMatchObject({ requests: 2, connection: { state: 'cold' } });
});

test('closing cancels running requests and closes every socket', async () => {
  const { model, server } = await warmable((response) => stream(response, [text('One')], { open: true }));
  await model.warm();
  const chat = model.chat(HELLO);
  await until(() => chat.trace.marks.firstContent !== undefined);
  await model.close();
  await until(() => server.sockets.size === 0);
  expect(chat.trace.outcome).toBe('cancelled');
  const { error } = await readError(model.chat(HELLO));
  expect(error).toMatchObject({ code: 'bad_input' });
});

test('warming rejects if the endpoint does not exist', async () => {
  const { model, server } = await warmable(answer);
  await new Promise((resolve) => server.server.close(resolve));
  await expect(model.warm()).rejects.toMatchObject({ code: 'connect_failed' });
});

test('a request that joins a connection opened in advance has the whole time limit', async () => {
  const sockets: Socket[] = [];
  // The first connection never answers the TLS handshake; the second is refused at once.
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    if (sockets.length === 2) socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = new ManualClock();
  const { port } = server.address() as AddressInfo;
  const origin = new URL(`https://127.0.0.1:${port}`);
  const pool = new Pool({ origin, clock, connectMs: 1000, keepWarm: 1, keepWarmForMs: 0 });
  onTestFinished(() => {
    pool.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  pool.rewarm();
  await until(() => sockets.length === 1);
  clock.advance(600);
  const failed = pool.take({ signal: new AbortController().signal }).catch((error: unknown) => error);
  clock.advance(400);
  await until(() => sockets.length === 2);
  expect(await failed).not.toMatchObject({ code: 'timeout' });
});
