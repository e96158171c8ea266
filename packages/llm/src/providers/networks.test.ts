import { createHash, createHmac } from 'node:crypto';
import { Socks5ProxyAgent } from 'undici';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { conformance } from '../testing/conformance.js';
import { connectProxy, HIDDEN_HOST } from '../testing/connect-proxy.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { say, serve, stream, type TestRequest } from '../testing/server.js';
import { socksProxy } from '../testing/socks-proxy.js';
import { azure, azureProvider } from './azure/index.js';
import { bedrock, bedrockClaudeProvider, bedrockProvider } from './bedrock/index.js';
import { openAiCompatible } from './compatible/index.js';
import { httpModel } from './http-model.js';
import { accessToModel } from './model-access.js';
import { parseModelSpec } from './model-spec.js';
import { openai as openaiProvider } from './openai/index.js';

afterEach(() => vi.unstubAllEnvs());

const KEY = 'key-in-test';
const rootOf = (baseUrl: string) => new URL(baseUrl).origin;

conformance(openaiProvider, undefined, {
  name: 'through a proxy',
  create: async (baseUrl) => {
    const { url, ca } = await connectProxy(baseUrl);
    const options = { model: 'some-model', apiKey: KEY, proxy: url, ca };
    return httpModel(openaiProvider, { ...options, baseUrl: `https://${HIDDEN_HOST}/v1` });
  },
  accepts: ({ headers }) => headers.host === HIDDEN_HOST,
});

conformance(openaiProvider, undefined, {
  name: 'through a SOCKS proxy',
  create: async (baseUrl) => {
    const dispatcher = new Socks5ProxyAgent((await socksProxy()).url);
    onTestFinished(() => dispatcher.destroy());
    return httpModel(openaiProvider, { model: 'some-model', apiKey: KEY, baseUrl, dispatcher });
  },
});

test('every connection of a SOCKS dispatcher goes through the proxy', async () => {
  const server = await serve((response) => stream(response, say('ok')));
  const proxy = await socksProxy();
  const dispatcher = new Socks5ProxyAgent(proxy.url);
  onTestFinished(() => dispatcher.destroy());
  const model = openAiCompatible({ model: 'm', baseUrl: server.baseUrl, dispatcher });
  onTestFinished(() => model.close());
  expect(textOf(await readAll(model.chat(HELLO)))).toBe('ok');
  expect(proxy.connections()).toBe(server.connections);
});

conformance(azureProvider, undefined, {
  name: 'a dated version and a key',
  create: (baseUrl) =>
    azure({ model: 'some model', endpoint: rootOf(baseUrl), apiVersion: '2024-10-21', apiKey: KEY }),
  accepts: ({ method, path, headers }) => {
    const below = method === 'POST' ? 'chat/completions' : 'models';
    return (
      path === `/openai/deployments/some%20model/${below}?api-version=2024-10-21` &&
      headers['api-key'] === KEY &&
      headers.authorization === undefined
    );
  },
});

let tokens = 0;
conformance(azureProvider, undefined, {
  name: 'v1 and an Entra token',
  create: (baseUrl) =>
    azure({
      model: 'some-model',
      endpoint: `${rootOf(baseUrl)}/`,
      entraToken: async () => `token-in-test-${++tokens}`,
    }),
  accepts: ({ path, headers }) =>
    path.startsWith('/openai/v1/') &&
    headers.authorization === `Bearer token-in-test-${tokens}` &&
    headers['api-key'] === undefined,
  keySource: 'entraToken',
});

const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret-in-test',
  sessionToken: 'session',
};

const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Verifies a signature as AWS documents it ("Create a signed AWS API request"), without the library that made it. */
function isSigned({ method, path, headers, body }: TestRequest, service: string): boolean {
  const { authorization = '', 'x-amz-date': date = '' } = headers as Record<string, string>;
  const [, id, scope, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(authorization) ??
    [];
  if (!names) return false;
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, '', signed.join(''), names, hex(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n');
  const parts = [date.slice(0, 8), 'eu-central-1', service, 'aws4_request'];
  const key = parts.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return (
    id === CREDENTIALS.accessKeyId &&
    scope === parts.join('/') &&
    ['host', 'x-amz-date', 'x-amz-security-token'].every((name) => names.split(';').includes(name)) &&
    signature === hmac(key, text).toString('hex')
  );
}

conformance(bedrockProvider, undefined, {
  name: 'signed with SigV4',
  create: (baseUrl) =>
    bedrock({ model: 'some-model', region: 'eu-central-1', baseUrl, credentials: async () => CREDENTIALS }),
  accepts: (request) => isSigned(request, 'bedrock'),
  keySource: 'the AWS credentials',
});

const CLAUDE = 'eu.anthropic.some-model';
const asksForClaude = ({ method, headers }: TestRequest) =>
  method === 'GET' || headers['anthropic-version'] === '2023-06-01';

conformance(bedrockClaudeProvider, undefined, {
  name: 'Claude, signed with SigV4',
  create: (baseUrl) =>
    bedrock({ model: CLAUDE, region: 'eu-central-1', baseUrl, credentials: async () => CREDENTIALS }),
  accepts: (request) => asksForClaude(request) && isSigned(request, 'bedrock-mantle'),
  keySource: 'the AWS credentials',
});

conformance(bedrockClaudeProvider, undefined, {
  name: 'Claude, with a key',
  create: (baseUrl) => bedrock({ model: CLAUDE, region: 'eu-central-1', baseUrl, apiKey: KEY }),
  accepts: (request) => asksForClaude(request) && request.headers.authorization === `Bearer ${KEY}`,
});

test.each([
  ['openai.gpt-oss-120b-1:0', bedrockProvider],
  ['qwen.qwen3-32b-v1:0', bedrockProvider],
  ['anthropic.claude-haiku-4-5', bedrockClaudeProvider],
  ['global.anthropic.claude-haiku-4-5', bedrockClaudeProvider],
])('Bedrock is asked for %s by the API that has it', (model, provider) => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  const { provider: chosen } = accessToModel(parseModelSpec(`bedrock:${model}`));
  expect(chosen).toBe(provider);
  expect(chosen.baseUrl).toContain('eu-central-1');
});

describe('the signature', () => {
  async function asked(options: Partial<Parameters<typeof bedrock>[0]>, env: Record<string, string> = {}) {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const server = await serve((response) => stream(response, say('ok')));
    const model = bedrock({ model: 'm', region: 'eu-central-1', baseUrl: server.baseUrl, ...options });
    onTestFinished(() => model.close());
    await readAll(model.chat(HELLO));
    return server.requests[0]!;
  }

  test('covers the body', async () => {
    const request = await asked({ credentials: CREDENTIALS });
    expect(isSigned(request, 'bedrock')).toBe(true);
    expect(isSigned({ ...request, body: `${request.body} ` }, 'bedrock')).toBe(false);
  });

  test('names the service', async () => {
    const request = await asked({ credentials: CREDENTIALS, service: 'bedrock-mantle' });
    expect(isSigned(request, 'bedrock-mantle')).toBe(true);
  });

  const AWS = {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    AWS_BEARER_TOKEN_BEDROCK: '',
  };

  test('is made with the credentials of the environment', async () => {
    expect(isSigned(await asked({}, AWS), 'bedrock')).toBe(true);
  });

  test('gives way to a Bedrock API key', async () => {
    const request = await asked({}, { ...AWS, AWS_BEARER_TOKEN_BEDROCK: KEY });
    expect(request.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('that cannot be made is a typed error, and no request is sent', async () => {
    const server = await serve((response) => stream(response, say('ok')));
    const model = bedrock({
      model: 'm',
      region: 'eu-central-1',
      baseUrl: server.baseUrl,
      credentials: () => Promise.reject(new Error('expired: secret-in-test')),
    });
    onTestFinished(() => model.close());
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'auth' });
    expect((error as Error).message).not.toContain('secret-in-test');
    expect(server.requests).toHaveLength(0);
  });
});

test('a provider whose address depends on the account says which variable to set', () => {
  for (const name of ['AZURE_OPENAI_ENDPOINT', 'AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, '');
  expect(() => azure({ model: 'm' })).toThrow(/AZURE_OPENAI_ENDPOINT/);
  expect(() => bedrock({ model: 'm' })).toThrow(/AWS_REGION/);
});

test('the parameters, and the user name and password, of a base URL are sent with every request', async () => {
  const server = await serve((response) => stream(response, say('ok')));
  const baseUrl = `${server.baseUrl.replace('//', '//caller:p%40ss@')}/?api-version=1`;
  const model = openAiCompatible({ model: 'm', baseUrl });
  onTestFinished(() => model.close());
  expect(textOf(await readAll(model.chat(HELLO)))).toBe('ok');
  await model.listModels().catch(() => {});
  expect(server.requests.map(({ path }) => path)).toEqual([
    '/v1/chat/completions?api-version=1',
    '/v1/models?api-version=1',
  ]);
  const basic = `Basic ${Buffer.from('caller:p@ss').toString('base64')}`;
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([basic, basic]);
});
