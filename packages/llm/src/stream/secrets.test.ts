import { inspect } from 'node:util';
import type { FirstwordError } from '@firstword/turn';
import { expect, onTestFinished, test } from 'vitest';
import type { ProviderError } from '../provider-error.js';
import { openAiCompatible } from '../providers/compatible/index.js';
import { HELLO, readAll, readError } from '../testing/read.js';
import { data, finish, say, serve, stream } from '../testing/server.js';

/** Of no format that could be recognized. */
const KEY = 'correct.horse-battery';
/** Of a format that is recognized, but not the one in use. */
const OTHER = 'sk-proj-abcdefghijklmnop';

async function failing(answer: Parameters<typeof serve>[0]): Promise<ProviderError> {
  const server = await serve(answer);
  const model = openAiCompatible({ model: 'm', baseUrl: `${server.baseUrl}?api-key=${KEY}-2`, apiKey: KEY });
  onTestFinished(() => model.close());
  const { error } = await readError(model.chat(HELLO));
  return error as ProviderError;
}

const json = (status: number, body: unknown) => (response: Parameters<Parameters<typeof serve>[0]>[0]) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const everywhere = (error: FirstwordError) =>
  [
    error.message,
    error.stack,
    (error as ProviderError).providerText?.(),
    JSON.stringify((error as ProviderError).labels?.()),
    inspect(error, { depth: 9 }),
    JSON.stringify(error),
  ].join('\n');

test.each([
  ['code', { error: { code: KEY, message: 'no' } }],
  ['type', { error: { type: `bad key ${KEY}`, message: 'no' } }],
  ['param', { error: { code: 'bad', param: `${KEY}-2`, message: 'no' } }],
  ['another key', { error: { code: OTHER, type: OTHER, param: OTHER, message: OTHER } }],
  ['message', { error: { message: `Incorrect API key: ${KEY} (${KEY}-2)` } }],
  ['text', `Incorrect API key: ${KEY}`],
])('a key that the provider echoes is in no part of the error: %s', async (_where, body) => {
  for (const status of [400, 401, 500]) {
    const text = everywhere(await failing(json(status, body)));
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(OTHER);
  }
});

test('nor when it is echoed inside a stream, in a content type, or in bytes that are not HTTP', async () => {
  const errors = [
    await failing((response) => stream(response, [data({ error: { code: KEY, message: KEY } })])),
    await failing((response) => response.writeHead(200, { 'content-type': `text/html; ${KEY}` }).end('<p>')),
    await failing((response) => response.writeHead(200, { 'content-type': `json/${KEY}` }).end('x')),
    await failing((response) => response.socket!.end(`HTTP/1.1 ${KEY}\r\n\r\n`)),
  ];
  for (const error of errors) expect(everywhere(error)).not.toContain(KEY);
});

test('nor in the trace of an answer', async () => {
  const server = await serve((response) => {
    response.setHeader('x-request-id', `req ${KEY}`);
    response.setHeader('x-firstword-emulated', KEY);
    stream(response, [data({ provider: KEY, service_tier: KEY, choices: [] }), ...say('ok'), finish()]);
  });
  const model = openAiCompatible({ model: 'm', baseUrl: server.baseUrl, apiKey: KEY });
  onTestFinished(() => model.close());
  const chat = model.chat(HELLO);
  await readAll(chat);
  expect(chat.trace).toMatchObject({ requestId: 'req [redacted]', servedBy: '[redacted]' });
  expect(JSON.stringify(chat.trace)).not.toContain(KEY);
});

test('names of kinds of errors stay', async () => {
  const error = await failing(
    json(400, { error: { code: 'invalid_function_parameters', type: 'invalid_request_error' } }),
  );
  expect(error.message).toContain('invalid_function_parameters, invalid_request_error');
});

test('no control character of a provider reaches the message', async () => {
  const error = await failing(
    json(400, { error: { code: 'x', param: 'a\u001b[31m', message: '\u001b[2J' } }),
  );
  expect(error.message).not.toContain('\u001b');
});
