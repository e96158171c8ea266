import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startGateway } from '../gateway.js';
import type { GatewayOptions } from '../options.js';
import { CHAT, gatewayTo, HELLO, MESSAGES, openAiModel, post, routeTo } from '../testing/gateway.js';
import { chunk, DONE, finish, stream, upstream } from '../testing/upstream.js';

const ANSWER = `${chunk({ content: 'Good morning.' })}${finish()}${DONE}`;

async function serving(options: Partial<GatewayOptions> = {}) {
  const server = await upstream((response) => stream(response, ANSWER));
  return { server, ...(await gatewayTo([routeTo([openAiModel(server.url)])], options)) };
}

/** A request with headers that fetch does not allow. */
function rawRequest(
  origin: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { body = '', ...rest } = options;
    const sent = httpRequest(`${origin}${path}`, rest, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject).end(body);
  });
}

test('it listens on loopback unless it has a token', async () => {
  const server = await upstream(() => {});
  const routes = [routeTo([openAiModel(server.url)])];
  await expect(startGateway({ routes, host: '0.0.0.0' })).rejects.toThrow(/needs a token/);
  await expect(startGateway({ routes, token: '' })).rejects.toThrow(/needs a token/);
  const { gateway } = await gatewayTo(routes, { host: '0.0.0.0', token: 'secret' });
  const { port } = new URL(gateway.url);
  expect(await rawRequest(`http://127.0.0.1:${port}`, '/v1/models')).toBe(401);
});

test.each([
  [{}, 401],
  [{ authorization: 'Bearer wrong' }, 401],
  [{ authorization: 'Basic secret' }, 401],
  [{ 'x-api-key': 'secre' }, 401],
  [{ authorization: 'Bearer secret' }, 200],
  [{ 'x-api-key': 'secret' }, 200],
])('with a token, headers %j get a %i', async (headers, status) => {
  const { gateway, server } = await serving({ token: 'secret' });
  const response = await post(gateway, CHAT, HELLO, { headers });
  expect(response.status).toBe(status);
  expect(server.requests).toHaveLength(status === 200 ? 1 : 0);
  const models = await fetch(`${gateway.url}/models`, { headers });
  expect(models.status).toBe(status);
});

test('probes need neither token nor host name', async () => {
  const { gateway } = await serving({ token: 'secret' });
  for (const path of ['/healthz', '/readyz'])
    expect(await rawRequest(gateway.origin, path, { headers: { host: '10.0.0.7' } })).toBe(200);
});

test('a token is in no answer', async () => {
  const { gateway } = await serving({ token: 'secret-token' });
  const response = await post(gateway, CHAT, HELLO, { headers: { authorization: 'Bearer other-token' } });
  expect(await response.text()).not.toMatch(/secret-token|other-token/);
});

test.each([
  ['localhost', 200],
  ['127.0.0.1:1', 200],
  ['LOCALHOST:80', 200],
  ['evil.example', 403],
  ['localhost.evil.example', 403],
])('a request for host "%s" gets a %i', async (host, status) => {
  const { gateway } = await serving();
  expect(await rawRequest(gateway.origin, '/v1/models', { headers: { host } })).toBe(status);
});

test('host names that are given replace those of loopback', async () => {
  const { gateway } = await serving({ hosts: ['gateway.internal'] });
  const asked = (host: string) => rawRequest(gateway.origin, '/v1/models', { headers: { host } });
  expect(await asked('gateway.internal:4100')).toBe(200);
  expect(await asked('localhost')).toBe(403);
});

test('web pages get nothing unless their origin is named', async () => {
  const { gateway, server } = await serving({ corsOrigins: ['https://app.example'] });
  const refused = await post(gateway, CHAT, HELLO, { headers: { origin: 'https://evil.example' } });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  expect(server.requests).toEqual([]);
  const headers = { origin: 'https://app.example' };
  const allowed = await post(gateway, CHAT, HELLO, { headers });
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
  const preflight = await fetch(`${gateway.origin}${CHAT}`, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
});

test('models are listed as either API lists them', async () => {
  const { gateway } = await serving();
  const openai = await (await fetch(`${gateway.url}/models`)).json();
  expect(openai).toMatchObject({ object: 'list', data: [{ id: 'm', object: 'model' }] });
  const headers = { 'anthropic-version': '2023-06-01' };
  const anthropic = await (await fetch(`${gateway.url}/models`, { headers })).json();
  expect(anthropic).toMatchObject({ data: [{ type: 'model', id: 'm' }], has_more: false });
  expect(await (await fetch(`${gateway.url}/models/m`)).json()).toMatchObject({ id: 'm' });
  expect((await fetch(`${gateway.url}/models/none`)).status).toBe(404);
});

test.each([
  ['{', 'not JSON'],
  ['[]', 'must be an object'],
  ['null', 'must be an object'],
  ['{"model":"m"}', 'at least one message'],
  ['{"model":"m","messages":{}}', 'messages must be a list'],
  ['{"model":"m","messages":[1]}', 'messages[0] must be an object'],
  ['{"model":"m","messages":[{"role":1}]}', 'messages[0].role must be a text'],
  ['{"model":"m","messages":[{"role":"user","content":1}]}', 'messages[0].content must be a list'],
  ['{"messages":[{"role":"user","content":"x"}]}', 'model must be a text'],
  ['{"model":"m","stream":"yes","messages":[{"role":"user","content":"x"}]}', 'stream must be'],
  ['{"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}', 'n must be 1'],
])('garbage %s is refused: %s', async (body, message) => {
  const { gateway, server } = await serving();
  const response = await post(gateway, CHAT, body);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(message);
  if (!body.includes('"n"')) expect((await post(gateway, MESSAGES, body)).status).toBe(400);
  expect(server.requests).toEqual([]);
});

test('nesting without end is refused, and the gateway goes on', async () => {
  const { gateway } = await serving();
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const body = `{"model":"m","messages":[{"role":"user","content":"x"}],"metadata":${deep}}`;
  expect((await post(gateway, CHAT, body)).status).toBe(400);
  expect((await post(gateway, CHAT, HELLO)).status).toBe(200);
});

test('only JSON is read', async () => {
  const { gateway } = await serving();
  const response = await post(gateway, CHAT, HELLO, { headers: { 'content-type': 'text/plain' } });
  expect(response.status).toBe(415);
});

test('a body over the limit gets a 413 in the client’s own shape', async () => {
  const { gateway, answered } = await serving({ limits: { bodyBytes: 1_000 } });
  const long = { ...HELLO, messages: [{ role: 'user', content: 'x'.repeat(2_000) }] };
  const openai = await post(gateway, CHAT, long);
  expect(openai.status).toBe(413);
  expect(await openai.json()).toMatchObject({
    error: { message: expect.stringContaining('limits.bodyBytes') },
  });
  const anthropic = await post(gateway, MESSAGES, long);
  expect(await anthropic.json()).toMatchObject({ type: 'error', error: { type: 'request_too_large' } });
  expect(answered.map(({ status }) => status)).toEqual([413, 413]);
});

test('headers over the limit get a 431', async () => {
  const { gateway } = await serving({ limits: { headerBytes: 1_000 } });
  expect(await rawRequest(gateway.origin, '/healthz', { headers: { 'x-long': 'x'.repeat(2_000) } })).toBe(
    431,
  );
});

test('bytes that are not HTTP close the connection, and the gateway goes on', async () => {
  const { gateway } = await serving();
  const { port } = new URL(gateway.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('\x16\x03\x01 nonsense\r\n\r\n');
  await new Promise<void>((resolve) => socket.resume().on('close', () => resolve()));
  expect((await post(gateway, CHAT, HELLO)).status).toBe(200);
});

test('unknown paths, methods and models say what there is', async () => {
  const { gateway } = await serving();
  const path = await post(gateway, '/v1/completions', HELLO);
  expect(path.status).toBe(404);
  expect(await path.text()).toContain('/v1/chat/completions');
  expect((await fetch(`${gateway.origin}${CHAT}`)).status).toBe(404);
  const model = await post(gateway, CHAT, { ...HELLO, model: 'mm' });
  expect(model.status).toBe(404);
  expect(await model.json()).toMatchObject({ error: { code: 'model_not_found' } });
});

test('answers over the limits wait for others to end', async () => {
  const server = await upstream((response) => stream(response, chunk({ content: 'Hi' }), { open: true }));
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])], {
    limits: { concurrentPerClient: 2, concurrent: 3 },
  });
  const open = [new AbortController(), new AbortController()];
  for (const { signal } of open) await post(gateway, CHAT, { ...HELLO, stream: true }, { signal });
  expect(gateway.running).toBe(2);
  const refused = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  open[0]!.abort();
  while (gateway.running > 1) await new Promise((resolve) => setImmediate(resolve));
  expect((await post(gateway, CHAT, { ...HELLO, stream: true })).status).toBe(200);
});
