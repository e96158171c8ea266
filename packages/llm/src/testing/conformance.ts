import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChatMessage, ChatRequest } from '../chat.js';
import { type HttpModel, httpModel } from '../providers/http-model.js';
import type { Provider } from '../providers/provider.js';
import { MAX_EVENT_LENGTH } from '../wire/sse.js';
import { HELLO, readAll, readError, textOf } from './read.js';
import { serve, stream, type TestRequest } from './server.js';
import { type AnswerParts, type ServerFormat, serverFormatOf } from './server-formats.js';

const KEY = 'key-in-test:secret-in-test';

const BOOKING: ChatRequest = {
  messages: [
    { role: 'system', content: 'You are a receptionist.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'A table like this' },
        { type: 'image', url: 'data:image/png;base64,AAAA' },
      ],
    },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'call_1', name: 'find_table', arguments: '{"people":4}' }],
    },
    { role: 'tool', toolCallId: 'call_1', name: 'find_table', content: '{"free":true}' },
  ],
  tools: [
    {
      name: 'find_table',
      description: 'Looks for a table',
      parameters: { type: 'object', properties: { people: { type: 'number' } } },
    },
    { name: 'book_table', parameters: { type: 'object', properties: {} } },
  ],
  toolChoice: { name: 'book_table' },
  maxCompletionTokens: 64,
};

const SYSTEM: ChatMessage = { role: 'system', content: 'You are a receptionist.' };
const GREETED: ChatMessage = { role: 'assistant', content: 'Hello, Riverside Dental.' };

/** The conversation in a request body, whatever the wire calls it; `undefined` for an unknown wire. */
function turnsOf(body: string): { role: string }[] | undefined {
  const { messages, contents } = JSON.parse(body) as Record<string, { role: string }[] | undefined>;
  return messages ?? contents;
}

export { type MemoryPlace, memoryConformance } from './memory-conformance.js';
export type { TestRequest } from './server.js';
export type { AnswerParts, ServerFormat } from './server-formats.js';

/** One way to reach a provider, such as through a proxy or with signed requests. */
export interface ConformanceSetup {
  /** Shown beside the provider's name. */
  name: string;
  /** Creates the model for a server at this base URL. The suite closes it. */
  create(baseUrl: string): HttpModel | Promise<HttpModel>;
  /** Whether the server accepts a request. It answers any other with 403, and the tests fail. */
  accepts?(request: TestRequest): boolean | Promise<boolean>;
  /** What the error for a refused key tells the user to check; default the provider's variable. */
  keySource?: string;
}

/**
 * Runs the tests that every provider must pass, as Vitest tests. Call it in a test file.
 * @param format how a server of this wire format responds; built in for the three wire formats of this package
 * @param setup how the provider is reached; default: directly, with a key
 */
export function conformance(
  provider: Provider,
  format: ServerFormat = serverFormatOf(provider.wire),
  setup?: ConformanceSetup,
): void {
  const name = setup ? `${provider.name}, ${setup.name}` : provider.name;
  describe(name, () => suite(provider, format, setup));
}

/** Longer than the limit for functions: it is a list of independent tests. */
function suite(provider: Provider, format: ServerFormat, setup: ConformanceSetup | undefined): void {
  const direct = (baseUrl: string) => httpModel(provider, { model: 'some-model', baseUrl, apiKey: KEY });
  const { create = direct, accepts, keySource = provider.keyVariable ?? 'apiKey' } = setup ?? {};

  async function modelOf(answer: Parameters<typeof serve>[0]) {
    const server = await serve(async (response, body, request) => {
      if (accepts && !(await accepts(server.requests.at(-1)!))) response.writeHead(403).end();
      else answer(response, body, request);
    });
    const model = await create(server.baseUrl);
    onTestFinished(() => model.close());
    return { server, model };
  }

  const answering = (parts: AnswerParts) => modelOf((response) => stream(response, format.answer(parts)));

  const refusing = (status: number, body: object) =>
    modelOf((response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );

  test('streams text, and finishes with "stop"', async () => {
    const { model, server } = await answering({ texts: ['Good ', 'morning, ', 'नमस्ते।'] });
    const events = await readAll(model.chat(HELLO));
    expect(textOf(events)).toBe('Good morning, नमस्ते।');
    expect(events).toContainEqual({ type: 'finish', reason: 'stop' });
    expect(server.requests[0]!.path).toMatch(format.chatPath);
  });

  test('keeps reasoning apart from text', async () => {
    const { model } = await answering({ reasoning: 'hm', texts: ['Yes.'] });
    const events = await readAll(model.chat(HELLO));
    expect(events).toContainEqual({ type: 'reasoning', text: 'hm' });
    expect(textOf(events)).toBe('Yes.');
  });

  test('emits parallel tool calls complete, and finishes with "tool_calls"', async () => {
    const calls = [
      { id: 'c1', name: 'find_table', arguments: '{"people":4}' },
      { id: 'c2', name: 'book_table', arguments: '{"name":"Ann"}' },
    ];
    const { model } = await answering({ calls });
    const events = await readAll(model.chat(BOOKING));
    expect(events.filter(({ type }) => type === 'toolCall')).toEqual(
      calls.map((call) => ({ type: 'toolCall', call })),
    );
    expect(events).toContainEqual({ type: 'finish', reason: 'tool_calls' });
  });

  test('counts the whole prompt, and its cached part', async () => {
    const { model } = await answering({ texts: ['ok'], usage: { prompt: 100, cached: 80, completion: 7 } });
    const chat = model.chat(HELLO);
    await readAll(chat);
    expect(chat.trace.usage).toMatchObject({ promptTokens: 100, cachedTokens: 80, completionTokens: 7 });
  });

  test('sends tools, their results, images, the tool choice and the token limit', async () => {
    const { model, server } = await answering({ texts: ['ok'] });
    await readAll(model.chat(BOOKING));
    const { body } = server.requests[0]!;
    for (const part of [
      'You are a receptionist.',
      'A table like this',
      'AAAA',
      'find_table',
      'book_table',
      'Looks for a table',
      'people',
      'free',
      '64',
    ]) {
      expect(body).toContain(part);
    }
  });

  test('the same request is the same bytes, so that its prefix can be cached', async () => {
    const { model, server } = await answering({ texts: ['ok'] });
    await readAll(model.chat(BOOKING));
    await readAll(model.chat({ ...structuredClone(BOOKING), tools: BOOKING.tools!.toReversed() }));
    expect(server.requests[1]!.body).toBe(server.requests[0]!.body);
  });

  test('an error frame is a typed error', async () => {
    const { model } = await modelOf((response) => stream(response, [format.errorFrame]));
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'provider_unavailable', retryable: true });
  });

  test('a stream that is cut short is a typed error', async () => {
    const pieces = format.answer({ texts: ['Good ', 'morning'] });
    const upTo = pieces.findIndex((piece) => piece.includes('Good '));
    const { model } = await modelOf((response) => stream(response, pieces.slice(0, upTo + 1)));
    const { error, events } = await readError(model.chat(HELLO));
    expect(textOf(events)).toBe('Good ');
    expect(error).toMatchObject({ code: 'bad_stream' });
  });

  test('a refused key names its source and is not shown', async () => {
    const { model } = await refusing(401, format.errorBody('auth'));
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'auth' });
    expect((error as Error).message).toContain(keySource);
    expect((error as Error).message).not.toContain('in-test');
  });

  test('a model that does not exist lists similar names', async () => {
    const { model } = await modelOf((response, _body, request) => {
      const gone = request.method === 'POST';
      response.writeHead(gone ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          gone
            ? format.errorBody('model')
            : format.models(['some-model-2', 'eu.anthropic.some-model-2', 'other']),
        ),
      );
    });
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'model_not_found' });
    expect((error as Error).message).toContain('some-model-2');
  });

  test('a prompt that is too long says so', async () => {
    const { model } = await refusing(400, format.errorBody('context'));
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'context_too_long' });
  });

  test.skipIf(provider.needsKey === false || setup)(
    'without a key, the error names the variable to set',
    async () => {
      const model = httpModel(provider, { model: 'm', timeouts: { connectMs: 1 } });
      onTestFinished(() => model.close());
      const { error } = await readError(model.chat(HELLO));
      expect(error).toMatchObject({ code: 'auth' });
      expect((error as Error).message).toContain(provider.keyVariable!);
    },
  );

  test('a rejected tool schema is a bad request, and the provider’s text is not quoted', async () => {
    const { model } = await refusing(400, format.errorBody('schema'));
    const { error } = await readError(model.chat(BOOKING));
    expect(error).toMatchObject({ code: 'bad_request', retryable: false });
    expect((error as Error).message).toContain('schema');
    expect((error as Error).message).not.toContain('find_table');
  });

  test('a request without messages fails without being sent', async () => {
    const { model, server } = await answering({ texts: ['ok'] });
    const { error } = await readError(model.chat({ messages: [] }));
    expect(error).toMatchObject({ code: 'bad_input' });
    expect(server.requests).toHaveLength(0);
  });

  test('tool arguments that are not JSON are a typed error, never a call', async () => {
    if (format.brokenCall === undefined) return expect(format.callsAreObjects).toBe(true);
    const { model } = await modelOf((response) => stream(response, format.brokenCall!));
    const { error, events } = await readError(model.chat(BOOKING));
    expect(error).toMatchObject({ code: 'bad_stream', retryable: true });
    expect(events.filter(({ type }) => type === 'toolCall')).toEqual([]);
  });

  test('invalid UTF-8 and an endless line do not affect later requests', async () => {
    const pieces = format.answer({ texts: ['Good morning.'] });
    const bad = [
      Buffer.from([0x64, 0xff, 0xfe, 0x0a, 0x0a]),
      Buffer.concat([Buffer.from('data: '), Buffer.alloc(MAX_EVENT_LENGTH + 1, 0x61)]),
    ];
    let asked = 0;
    const { model } = await modelOf((response) => {
      stream(response, bad[asked] ? [bad[asked]!] : pieces);
      asked += 1;
    });
    for (const _each of bad) {
      const { error } = await readError(model.chat(HELLO));
      expect(error).toMatchObject({ code: 'bad_stream' });
    }
    expect(textOf(await readAll(model.chat(HELLO)))).toBe('Good morning.');
  });

  test('a tool call never gets an id that the conversation already has', async () => {
    const call = (name: string) => ({ id: 'call_1', name, arguments: '{}' });
    const { model } = await answering({ calls: [call('find_table'), call('book_table')] });
    const ids = (await readAll(model.chat(BOOKING))).flatMap((event) =>
      event.type === 'toolCall' ? [event.call.id] : [],
    );
    expect(ids).toHaveLength(2);
    expect(new Set([...ids, 'call_1']).size).toBe(3);
  });

  test('a greeting needs no word of the caller', async () => {
    const { model, server } = await answering({ texts: ['Hello.'] });
    expect(textOf(await readAll(model.chat({ messages: [SYSTEM] })))).toBe('Hello.');
    const { body } = server.requests[0]!;
    expect(body).toContain('You are a receptionist.');
    expect(turnsOf(body)?.length).not.toBe(0);
  });

  test('the agent can speak twice in a row', async () => {
    const { model, server } = await answering({ texts: ['Are you there?'] });
    const asked: ChatMessage = { role: 'user', content: 'Hi' };
    await readAll(model.chat({ messages: [SYSTEM, asked, GREETED] }));
    const { body } = server.requests[0]!;
    expect(body).toContain('Riverside');
    if (format.endsWithUser) expect(turnsOf(body)!.at(-1)).toMatchObject({ role: 'user' });
  });

  test('a system message in the middle stays there, and leaves what precedes it unchanged', async () => {
    const { model, server } = await answering({ texts: ['Yes.'] });
    const before: ChatMessage[] = [SYSTEM, { role: 'user', content: 'Hi' }, GREETED];
    const note: ChatMessage = { role: 'system', content: 'The caller is a member.' };
    const last: ChatMessage = { role: 'user', content: 'A table' };
    await readAll(model.chat({ messages: [...before, last] }));
    await readAll(model.chat({ messages: [...before, note, last] }));
    const [plain, noted] = server.requests.map(({ body }) => body);
    const upTo = plain!.indexOf('Riverside');
    expect(noted!.slice(0, upTo)).toBe(plain!.slice(0, upTo));
    expect(noted!.indexOf('The caller is a member.')).toBeGreaterThan(upTo);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('reads an answer that a proxy has compressed with %s', async (encoding, compress) => {
    const whole = format.answer({ texts: ['Good ', 'morning.'] }).join('');
    const { model } = await modelOf((response) => {
      response.setHeader('content-encoding', encoding);
      stream(response, [compress(whole)]);
    });
    expect(textOf(await readAll(model.chat(HELLO)))).toBe('Good morning.');
  });

  test('an unknown or broken compression is a typed error', async () => {
    for (const encoding of ['zstd', 'gzip']) {
      const { model } = await modelOf((response) => {
        response.setHeader('content-encoding', encoding);
        stream(response, format.answer({ texts: ['Good morning.'] }));
      });
      const { error } = await readError(model.chat(HELLO));
      expect(error).toMatchObject({ code: 'bad_stream', retryable: true });
      if (encoding === 'zstd') expect((error as Error).message).toContain('zstd');
    }
  });

  test.each([
    [403, 'auth'],
    [413, 'context_too_long'],
    [429, 'rate_limited'],
    [503, 'provider_unavailable'],
  ])('a web page with status %i counts as %s', async (status, code) => {
    const { model } = await modelOf((response) => {
      response.writeHead(status, { 'content-type': 'text/html', 'retry-after': '7' });
      response.end('<html><h1>model not found, context_length</h1></html>');
    });
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code, status, retryAfterMs: 7_000 });
    expect((error as Error).message).toContain('web page');
  });

  test('a date in retry-after is on the clock of the server', async () => {
    const serverMs = Date.now() + 600_000;
    const { model } = await modelOf((response) => {
      const date = (ms: number) => new Date(ms).toUTCString();
      response.writeHead(429, { date: date(serverMs), 'retry-after': date(serverMs + 3_000) });
      response.end('{}');
    });
    const { error } = await readError(model.chat(HELLO));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_000 });
  });
}
