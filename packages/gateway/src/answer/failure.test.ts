import { expect, test } from 'vitest';
import {
  anthropicModel,
  CHAT,
  gatewayTo,
  HELLO,
  MESSAGES,
  openAiModel,
  post,
  routeTo,
} from '../testing/gateway.js';
import { stream, upstream } from '../testing/upstream.js';

const refusing = (status: number, body: unknown, headers = {}) =>
  upstream((response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
  );

async function asked(status: number, body: unknown, headers = {}) {
  const server = await refusing(status, body, headers);
  const { gateway } = await gatewayTo([
    routeTo([openAiModel(server.url)], { maxRetryWaitMs: 0, maxAttempts: 1 }),
  ]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  return { response, error: ((await response.json()) as { error: Record<string, unknown> }).error };
}

test('a refused request keeps the status and the words of the provider', async () => {
  const said = {
    message: 'Invalid schema for function f',
    type: 'invalid_request_error',
    param: 'tools[0]',
    code: 'bad_schema',
  };
  const { response, error } = await asked(422, { error: said });
  expect(response.status).toBe(422);
  expect(error).toEqual({ ...said, message: 'primary: Invalid schema for function f' });
  expect(response.headers.get('x-should-retry')).toBe('false');
});

test('a rate limit says when to try again', async () => {
  const { response, error } = await asked(
    429,
    { error: { message: 'Slow down', code: 'rate_limit_exceeded' } },
    { 'retry-after': '7' },
  );
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('7');
  expect(error).toMatchObject({ message: 'primary: Slow down', code: 'rate_limit_exceeded' });
});

test('a prompt that is too long has the code that clients know', async () => {
  const { response, error } = await asked(400, {
    error: { message: 'maximum context length is 10', type: 'invalid_request_error' },
  });
  expect(response.status).toBe(400);
  expect(error.code).toBe('context_length_exceeded');
});

test('a refused key of the gateway is not blamed on the client', async () => {
  const { response, error } = await asked(401, { error: { message: 'Incorrect API key: upstream-key' } });
  expect(response.status).toBe(502);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(JSON.stringify(error)).not.toContain('upstream-key');
});

test.each([
  [500, 502],
  [503, 502],
  [404, 502],
])('a provider that answers %i makes it %i', async (status, expected) => {
  expect((await asked(status, {})).response.status).toBe(expected);
});

test('a provider that says nothing makes it a 504', async () => {
  const server = await upstream(() => {});
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)], { giveUpAfterMs: 30 })]);
  const response = await post(gateway, CHAT, HELLO);
  expect(response.status).toBe(504);
});

test('a provider that cannot be reached makes it a 502', async () => {
  const { gateway } = await gatewayTo([routeTo([openAiModel('http://127.0.0.1:9/v1')], { maxAttempts: 1 })]);
  const response = await post(gateway, CHAT, HELLO);
  expect(response.status).toBe(502);
});

test('when several models fail, the client gets the first failure', async () => {
  const [first, second] = [
    await refusing(400, { error: { message: 'No such field' } }),
    await refusing(500, {}),
  ];
  const models = [openAiModel(first.url), openAiModel(second.url, 'backup')];
  const { gateway } = await gatewayTo([routeTo(models, { maxAttempts: 2 })]);
  const response = await post(gateway, CHAT, HELLO);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('No such field');
});

test('errors have the shape of the client’s API', async () => {
  const server = await refusing(400, {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'max_tokens: no' },
  });
  const { gateway } = await gatewayTo([routeTo([anthropicModel(server.url)], { maxAttempts: 1 })]);
  const response = await post(gateway, MESSAGES, { ...HELLO, max_tokens: 1 });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    type: 'error',
    error: { type: 'invalid_request_error', message: 'anthropic: max_tokens: no' },
  });
});

test('an empty answer is an answer', async () => {
  const empty = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  const server = await upstream((response) => stream(response, empty));
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)], { maxAttempts: 1 })]);
  const response = await post(gateway, CHAT, { ...HELLO, stream: true });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(empty);
});
