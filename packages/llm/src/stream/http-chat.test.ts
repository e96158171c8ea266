import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { ManualClock } from '@firstword/turn';
import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import type { HttpModelOptions } from '../providers/http-model.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { DONE, data, delta, finish, say, serve, stream, text, until } from '../testing/server.js';

type Answer = Parameters<typeof serve>[0];

async function modelFor(answer: Answer, options: Partial<HttpModelOptions> = {}) {
  const server = await serve(answer);
  const model = openAiCompatible({
    provider: 'acme',
    model: 'gpt-oss-120b',
    baseUrl: server.baseUrl,
    ...options,
  });
  onTestFinished(() => model.close());
  return { server, model };
}

async function failure(answer: Answer, options: Partial<HttpModelOptions> = {}) {
  const { model } = await modelFor(answer, options);
  const chat = model.chat(HELLO);
  const { error, events } = await readError(chat);
  expect(chat.trace.outcome).toBe('failed');
  expect(chat.trace.error).toBe(error);
  return { error: error as Error, events };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

test('empty messages are bad input and send no request', async () => {
  const { model, server } = await modelFor(() => {});
  const { error } = await readError(model.chat({ messages: [] }));
  expect(error).toMatchObject({ code: 'bad_input' });
  expect(server.requests).toHaveLength(0);
});

test('a refused connection names the host and what to check', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const model = openAiCompatible({ model: 'm', baseUrl: `http://127.0.0.1:${port}/v1` });
  const { error } = await readError(model.chat(HELLO));
  expect(error).toMatchObject({ code: 'connect_failed', retryable: true });
  expect((error as Error).message).toContain(`127.0.0.1:${port}`);
});

test('a host name that does not exist', async () => {
  const model = openAiCompatible({ model: 'm', baseUrl: 'http://nowhere.invalid/v1' });
  const { error } = await readError(model.chat(HELLO));
  expect(error).toMatchObject({ code: 'connect_failed' });
});

test('https to a plain server fails as TLS', async () => {
  const { server } = await modelFor(() => {});
  const model = openAiCompatible({ model: 'm', baseUrl: server.baseUrl.replace('http:', 'https:') });
  const { error } = await readError(model.chat(HELLO));
  expect(error).toMatchObject({ code: 'connect_failed', retryable: false });
  expect((error as Error).message).toContain('TLS');
});

test('a web page is not an API', async () => {
  const { error } = await failure((response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<html><h1>Welcome</h1></html>');
  });
  expect(error).toMatchObject({ code: 'not_an_api' });
  expect(error.message).toContain('base URL');
});

test('a 404 web page is not an API either', async () => {
  const { error } = await failure((response) => {
    response.writeHead(404, { 'content-type': 'text/html' });
    response.end('<html>Not found</html>');
  });
  expect(error).toMatchObject({ code: 'not_an_api' });
});

test.each([401, 403])('status %i names the variable and never the key', async (status) => {
  const { error } = await failure(
    json(status, { error: { message: 'bad key sk-secret-1', code: 'invalid_api_key' } }),
    {
      apiKey: 'sk-secret-1',
      keyVariable: 'ACME_API_KEY',
    },
  );
  expect(error).toMatchObject({ code: 'auth', status, retryable: false });
  expect(error.message).toContain('ACME_API_KEY');
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('sk-secret');
});

test('a model that does not exist lists similar names', async () => {
  const { error } = await failure((response, _body, request) => {
    if (request.method === 'GET')
      return json(200, { data: [{ id: 'openai/gpt-oss-20b' }, { id: 'whisper' }] })(response, '', request);
    return json(404, { error: { message: 'The model `x` does not exist', code: 'model_not_found' } })(
      response,
      '',
      request,
    );
  });
  expect(error).toMatchObject({ code: 'model_not_found', status: 404 });
  expect(error.message).toContain('openai/gpt-oss-20b');
});

test('a prompt over the context window', async () => {
  const { error } = await failure(
    json(400, { error: { message: 'maximum context length is 8192', code: 'context_length_exceeded' } }),
  );
  expect(error).toMatchObject({ code: 'context_too_long', retryable: false });
});

test('a refused request names the field and keeps the provider’s words out of the message', async () => {
  const { error } = await failure(
    json(400, {
      error: {
        message: 'Invalid schema near "my secret prompt"',
        type: 'invalid_request_error',
        param: 'tools[0].function.parameters',
      },
    }),
  );
  expect(error).toMatchObject({ code: 'bad_request' });
  expect(error.message).toContain('tools[0].function.parameters');
  expect(error.message).not.toContain('secret prompt');
});

test('429 carries retry-after', async () => {
  const { error } = await failure(json(429, { error: { message: 'slow down' } }, { 'retry-after': '2' }));
  expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 2000 });
});

test.each([500, 502, 503, 529])('status %i counts as a provider failure', async (status) => {
  const { error } = await failure((response) => response.writeHead(status).end('<html>Bad gateway</html>'));
  expect(error).toMatchObject({ code: 'provider_unavailable', status, retryable: true });
});

test('an error frame fails the stream after what came before it', async () => {
  const { error, events } = await failure((response) =>
    stream(response, [`${text('Well')}${data({ error: { message: 'overloaded', type: 'server_error' } })}`]),
  );
  expect(events).toEqual([{ type: 'text', text: 'Well' }]);
  expect(error).toMatchObject({ code: 'provider_unavailable' });
});

test('an answer cut short is an error', async () => {
  const { error, events } = await failure((response) => stream(response, [text('Half a')]));
  expect(textOf(events)).toBe('Half a');
  expect(error).toMatchObject({ code: 'bad_stream' });
});

test('a connection reset mid-answer is an error', async () => {
  const { error } = await failure((response) => {
    stream(response, [text('Half a')], { open: true });
    setImmediate(() => response.socket!.resetAndDestroy());
  });
  expect(error).toMatchObject({ code: 'bad_stream' });
});

test('garbage is an error', async () => {
  const { error } = await failure((response) => stream(response, ['data: {not json\n\n']));
  expect(error).toMatchObject({ code: 'bad_stream' });
});

test('bytes that are not UTF-8 are an error', async () => {
  const { error } = await failure((response) =>
    stream(response, [Buffer.from([0x64, 0xff, 0xfe, 0x0a, 0x0a])]),
  );
  expect(error).toMatchObject({ code: 'bad_stream' });
});

test('tool arguments that are not JSON are an error that does not quote them', async () => {
  const call = delta({
    tool_calls: [{ index: 0, id: 'a', function: { name: 'book', arguments: '{"name": "Ann' } }],
  });
  const { error } = await failure((response) => stream(response, [call, finish('tool_calls'), DONE]));
  expect(error).toMatchObject({ code: 'bad_stream' });
  expect(error.message).toContain('"book"');
  expect(`${error.message}${error.cause}`).not.toContain('Ann');
});

test('missing headers end in a timeout', async () => {
  const clock = new ManualClock();
  const { model, server } = await modelFor(() => {}, { clock, timeouts: { headersMs: 800 } });
  const chat = model.chat(HELLO);
  await until(() => server.requests.length === 1);
  clock.advance(800);
  const { error } = await readError(chat);
  expect(error).toMatchObject({ code: 'timeout' });
  expect((error as Error).message).toContain('response headers within 800 ms');
});

test('keep-alives do not extend the deadline for the first content', async () => {
  const clock = new ManualClock();
  const pieces = [': ping\n\n', delta({ role: 'assistant' })];
  const { model } = await modelFor((response) => stream(response, pieces, { open: true }), {
    clock,
    timeouts: { firstContentMs: 900 },
  });
  const chat = model.chat(HELLO);
  await until(() => chat.trace.status === 200);
  clock.advance(900);
  const { error } = await readError(chat);
  expect((error as Error).message).toContain('first content within 900 ms');
});

test('a stall after content ends in a timeout', async () => {
  const clock = new ManualClock();
  const { model } = await modelFor((response) => stream(response, [text('One mo')], { open: true }), {
    clock,
    timeouts: { stallMs: 700 },
  });
  const chat = model.chat(HELLO);
  await until(() => chat.trace.marks.firstContent !== undefined);
  clock.advance(700);
  const { error, events } = await readError(chat);
  expect(textOf(events)).toBe('One mo');
  expect(error).toMatchObject({ code: 'timeout' });
});

const call = (fields: object) => delta({ tool_calls: [{ index: 0, ...fields }] });
const ARGUMENTS = [
  call({ id: 'c', type: 'function', function: { name: 'book', arguments: '{"note":"' } }),
  ...Array.from({ length: 8 }, () => call({ function: { arguments: 'word ' } })),
  call({ function: { arguments: '"}' } }),
];

test.each([
  ['arguments of a tool call', ARGUMENTS],
  [
    'reasoning',
    [text('One mo'), ...Array.from({ length: 8 }, () => delta({ reasoning: 'hm' })), text('ment')],
  ],
])('%s that arrive slower than the stall limit in all are not a stall', async (_what, pieces) => {
  const clock = new ManualClock();
  let next = () => {};
  const { model } = await modelFor(
    async (response) => {
      stream(response, [], { open: true });
      for (const piece of [...pieces, finish(), DONE]) {
        response.write(piece);
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      }
      response.end();
    },
    { clock, timeouts: { stallMs: 700 } },
  );
  const chat = model.chat(HELLO);
  const kinds: string[] = [];
  for await (const { type } of chat) {
    kinds.push(type);
    if (type !== 'finish') clock.advance(650);
    next();
  }
  expect(kinds.at(-1)).toBe('finish');
  expect(chat.trace.outcome).toBe('finished');
});

test.each<[string, (response: ServerResponse) => unknown]>([
  ['a connection that dies', (response) => response.destroy()],
  ['an error frame', (response) => response.end(data({ error: { message: 'late' } }))],
  ['bytes that are no stream', (response) => response.end(Buffer.from([0x64, 0xff, 0xfe, 0x0a, 0x0a]))],
])('after finish, %s does not matter', async (_what, end) => {
  const { model } = await modelFor((response) => {
    stream(response, [text('Booked. '), finish()], { open: true });
    setImmediate(() => end(response));
  });
  const chat = model.chat(HELLO);
  expect((await readAll(chat)).map(({ type }) => type)).toEqual(['text', 'finish']);
  expect(chat.trace.outcome).toBe('finished');
});

test('after finish, the answer does not wait for the end of the stream', async () => {
  const clock = new ManualClock();
  const pieces = [text('Booked. '), finish()];
  const { model } = await modelFor((response) => stream(response, pieces, { open: true }), { clock });
  const kinds: string[] = [];
  const chat = model.chat(HELLO);
  for await (const { type } of chat) {
    kinds.push(type);
    if (type === 'finish') clock.advance(300);
  }
  expect(kinds).toEqual(['text', 'finish']);
  expect(chat.trace.outcome).toBe('finished');
});

test('a reader that leaves after finish has a finished answer', async () => {
  const { model } = await modelFor((response) => stream(response, [text('Hi'), finish()], { open: true }));
  const chat = model.chat(HELLO);
  for await (const { type } of chat) if (type === 'finish') break;
  expect(chat.trace.outcome).toBe('finished');
});

test('without explainErrors, a missing model fails at once; the next error has the similar names', async () => {
  let list = () => {};
  const { model, server } = await modelFor((response, _body, request) => {
    if (request.method !== 'GET')
      return json(404, { error: { message: 'no such model', code: 'model_not_found' } })(
        response,
        '',
        request,
      );
    list = () => json(200, { data: [{ id: 'openai/gpt-oss-20b' }] })(response, '', request);
  });
  const read = async () => (await readError(model.chat(HELLO, { explainErrors: false }))).error as Error;
  expect(await read()).toMatchObject({ code: 'model_not_found' });
  await until(() => server.requests.some(({ method }) => method === 'GET'));
  list();
  let { message } = await read();
  while (!message.includes('openai/gpt-oss-20b')) ({ message } = await read());
});

test('cancelling ends the stream without an error and closes the socket', async () => {
  const { model, server } = await modelFor((response) => stream(response, [text('One')], { open: true }), {
    keepWarm: 0,
  });
  const chat = model.chat(HELLO);
  const reading = readAll(chat);
  await until(() => chat.trace.marks.firstContent !== undefined);
  chat.cancel();
  await until(() => server.sockets.size === 0);
  expect(textOf(await reading)).toBe('One');
  expect(chat.trace.outcome).toBe('cancelled');
});

test('leaving the loop early cancels', async () => {
  const { model, server } = await modelFor((response) => stream(response, [text('One')], { open: true }), {
    keepWarm: 0,
  });
  const chat = model.chat(HELLO);
  for await (const _event of chat) break;
  await until(() => server.sockets.size === 0);
  expect(chat.trace.outcome).toBe('cancelled');
});

test('an aborted signal rejects the reading', async () => {
  const { model, server } = await modelFor(() => {});
  const abort = new AbortController();
  const chat = model.chat(HELLO, { signal: abort.signal });
  await until(() => server.requests.length === 1);
  abort.abort();
  const { error } = await readError(chat);
  expect(error).toMatchObject({ code: 'aborted' });
});

test('a signal aborted beforehand sends nothing', async () => {
  const { model, server } = await modelFor(() => {});
  const { error } = await readError(model.chat(HELLO, { signal: AbortSignal.abort() }));
  expect(error).toMatchObject({ code: 'aborted' });
  expect(server.connections).toBe(0);
});

test('no timer is left, however the stream ends', async () => {
  const clock = new ManualClock();
  const { model } = await modelFor((response) => stream(response, say('ok')), { clock });
  await readAll(model.chat(HELLO));
  model.chat(HELLO).cancel();
  await readAll(model.chat(HELLO));
  await until(() => clock.pendingTimers === 0);
});

test('a failed request does not affect the next one', async () => {
  let first = true;
  const { model } = await modelFor((response) => {
    stream(response, first ? ['data: {broken\n\n'] : say('fine'));
    first = false;
  });
  await readError(model.chat(HELLO));
  expect(textOf(await readAll(model.chat(HELLO)))).toBe('fine');
});
