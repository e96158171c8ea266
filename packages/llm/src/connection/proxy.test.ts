import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import type { HttpModelOptions } from '../providers/http-model.js';
import { ollama } from '../providers/index.js';
import { type ConnectProxy, connectProxy, HIDDEN_HOST } from '../testing/connect-proxy.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { say, serve, stream, until } from '../testing/server.js';
import { proxyFor } from './proxy.js';

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

function environment(values: Record<string, string>): void {
  for (const name of NAMES) vi.stubEnv(name, values[name]);
}
afterEach(() => vi.unstubAllEnvs());

const hidden = new URL(`https://${HIDDEN_HOST}`);

async function behindProxy() {
  environment({});
  const server = await serve((response) => stream(response, say('ok')));
  const proxy = await connectProxy(server.baseUrl);
  const modelAt = (baseUrl: string, options: Partial<HttpModelOptions> = {}) => {
    const model = openAiCompatible({ model: 'm', baseUrl, ca: proxy.ca, keepWarm: 1, ...options });
    onTestFinished(() => model.close());
    return model;
  };
  return { server, proxy, modelAt };
}

const withPassword = ({ url }: ConnectProxy) => url.replace('http://', 'http://caller:p%40ss@');

describe('which proxy', () => {
  test.each([
    [{ HTTPS_PROXY: 'http://p:1' }, 'https://a.example', 'http://p:1', 'HTTPS_PROXY'],
    [{ https_proxy: 'p:1' }, 'https://a.example', 'http://p:1', 'https_proxy'],
    [{ HTTP_PROXY: 'http://p:1' }, 'https://a.example', undefined, undefined],
    [{ HTTP_PROXY: 'http://p:1' }, 'http://a.example', 'http://p:1', 'HTTP_PROXY'],
    [{ ALL_PROXY: 'https://p' }, 'https://a.example', 'https://p', 'ALL_PROXY'],
    [
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'b.example,.example' },
      'https://a.example',
      undefined,
      undefined,
    ],
    [
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example:8443' },
      'https://a.example',
      'http://p:1',
      'HTTPS_PROXY',
    ],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, 'https://a.example', undefined, undefined],
    [{}, 'https://a.example', undefined, undefined],
  ])('%o for %s: %s', (values, origin, url, source) => {
    environment(values as Record<string, string>);
    const proxy = proxyFor(new URL(origin), undefined);
    expect(proxy?.url.origin).toBe(url);
    expect(proxy?.source).toBe(source);
  });

  test('the option replaces the environment, and `false` turns it off', () => {
    environment({ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' });
    expect(proxyFor(hidden, 'http://q:2')?.url.origin).toBe('http://q:2');
    environment({ HTTPS_PROXY: 'http://p:1' });
    expect(proxyFor(hidden, false)).toBeUndefined();
  });

  test.each(['socks5://caller:pass@p:1', 'socks5h://caller:pass@p:1', 'socks4://caller:pass@p:1'])(
    'a SOCKS proxy is bad input that says what to use, and its password is not shown: %s',
    (url) => {
      environment({ ALL_PROXY: url });
      expect(() => proxyFor(hidden, undefined)).toThrow(expect.objectContaining({ code: 'bad_input' }));
      expect(() => proxyFor(hidden, undefined)).toThrow(
        new RegExp(`ALL_PROXY names a SOCKS proxy.*Socks5ProxyAgent.*add ${hidden.hostname} to NO_PROXY`),
      );
      expect(() => proxyFor(hidden, undefined)).not.toThrow(/pass@/);
      expect(() => proxyFor(hidden, url)).toThrow(/^the proxy option names a SOCKS proxy/);
    },
  );

  test.each(['ftp://caller:pass@p:1', 'http://'])('anything else is bad input: %s', (url) => {
    expect(() => proxyFor(hidden, url)).toThrow(/http or https URL/);
    expect(() => proxyFor(hidden, url)).not.toThrow(/pass@/);
  });

  test('a self-hosted server at its default address is reached directly', async () => {
    environment({ HTTP_PROXY: 'socks5://p:1' });
    const model = ollama({ model: 'm' });
    await model.close();
    expect(() => ollama({ model: 'm', baseUrl: 'http://gpu.example/v1' })).toThrow(/HTTP_PROXY/);
  });
});

test('warming opens the tunnel, and the request uses it', async () => {
  const { server, proxy, modelAt } = await behindProxy();
  vi.stubEnv('HTTPS_PROXY', withPassword(proxy));
  const model = modelAt(`https://${HIDDEN_HOST}/v1`);
  await model.warm();
  await until(() => server.connections === 1);
  expect(server.requests).toHaveLength(0);
  const chat = model.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('ok');
  expect(chat.trace.connection).toEqual({ state: 'reused' });
  expect(proxy.asked).toEqual([`CONNECT ${HIDDEN_HOST}:443`]);
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('caller:p@ss').toString('base64')}`]);
  expect(server.requests[0]!.headers).not.toHaveProperty('proxy-authorization');
});

test('the tunnel is timed, and the next one resumes the TLS session', async () => {
  const { proxy, modelAt } = await behindProxy();
  const model = modelAt(`https://${HIDDEN_HOST}/v1`, { proxy: proxy.url, keepWarm: 0 });
  const first = model.chat(HELLO);
  await readAll(first);
  expect(first.trace.connection).toMatchObject({
    state: 'cold',
    tcpMs: expect.any(Number),
    tlsMs: expect.any(Number),
  });
  expect(first.trace.connection).not.toHaveProperty('dnsMs');
});

test('a plain http request is given to the proxy, with the password', async () => {
  const { server, proxy, modelAt } = await behindProxy();
  const model = modelAt(`http://${HIDDEN_HOST}/v1`, { proxy: withPassword(proxy) });
  expect(textOf(await readAll(model.chat(HELLO)))).toBe('ok');
  expect(await model.listModels().catch(() => [])).toEqual([]);
  expect(proxy.asked).toEqual([
    `POST http://${HIDDEN_HOST}/v1/chat/completions`,
    `GET http://${HIDDEN_HOST}/v1/models`,
  ]);
  expect(proxy.authorizations.every(Boolean)).toBe(true);
  expect(server.requests[0]).toMatchObject({ path: '/v1/chat/completions', headers: { host: HIDDEN_HOST } });
});

test.each([
  ['https', 407, /answered 407.*user name and password.*the proxy option/],
  ['https', 502, /answered 502.*NO_PROXY/],
] as const)('a proxy that refuses is named: %s, %i', async (scheme, status, message) => {
  const { proxy, modelAt } = await behindProxy();
  proxy.refuseWith = status;
  const { error } = await readError(
    modelAt(`${scheme}://${HIDDEN_HOST}/v1`, { proxy: withPassword(proxy) }).chat(HELLO),
  );
  expect(error).toMatchObject({ code: 'connect_failed', retryable: status === 502 });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toMatch(/p%40ss|p@ss/);
});

test('a proxy that is not there is named', async () => {
  const { proxy, modelAt } = await behindProxy();
  const model = modelAt(`https://${HIDDEN_HOST}/v1`, { proxy: 'http://127.0.0.1:1' });
  const { error } = await readError(model.chat(HELLO));
  expect((error as Error).message).toMatch(/the proxy 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/);
  expect(proxy.asked).toEqual([]);
});

test('closing the model while the proxy answers nothing closes the socket', async () => {
  environment({});
  const silent = await serve(() => {});
  silent.server.on('connect', (_request, socket) => socket.on('end', () => socket.destroy()).resume());
  const model = openAiCompatible({
    model: 'm',
    baseUrl: `https://${HIDDEN_HOST}/v1`,
    proxy: new URL(silent.baseUrl).origin,
  });
  const chat = model.chat(HELLO);
  await until(() => silent.sockets.size === 1);
  await model.close();
  await until(() => silent.sockets.size === 0);
  expect(chat.trace.outcome).toBe('cancelled');
});
