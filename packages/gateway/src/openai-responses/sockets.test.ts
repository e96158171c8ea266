import { once } from 'node:events';
import { connect } from 'node:net';
import { llm as agentsLlm, initializeLogger } from '@livekit/agents';
import { responses } from '@livekit/agents-plugin-openai';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { JsonFields } from '../answer/fields.js';
import type { GatewayOptions } from '../options.js';
import { calls, type ScriptedAnswer, type Stage, startStage, text } from './testing/stage.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

async function stage(answers: ScriptedAnswer[], options?: Partial<GatewayOptions>): Promise<Stage> {
  const started = await startStage(answers, options);
  onTestFinished(started.close);
  return started;
}

const addressOf = ({ gateway }: Stage, path: string) => `${gateway.origin.replace('http', 'ws')}${path}`;

/** A WebSocket that is open, with the events that it has got. */
async function open(on: Stage, path = '/v1/responses', headers: Record<string, string> = {}) {
  const socket = new WebSocket(addressOf(on, path), { headers });
  onTestFinished(() => socket.terminate());
  const events: JsonFields[] = [];
  socket.on('message', (data) => events.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const send = (message: JsonFields) => socket.send(JSON.stringify({ type: 'response.create', ...message }));
  const until = (type: string, count = 1) =>
    vi.waitFor(() => {
      const found = events.filter((event) => event.type === type);
      expect(found.length).toBeGreaterThanOrEqual(count);
      return found;
    });
  return { socket, events, send, until };
}

/** The HTTP status with which an upgrade is refused. */
async function refusal(on: Stage, path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(addressOf(on, path), { headers });
  const [, response] = await once(socket, 'unexpected-response');
  return (response as { statusCode: number }).statusCode;
}

describe('with LiveKit’s plugin', () => {
  const chatContext = (...words: string[]) => {
    const context = new agentsLlm.ChatContext();
    for (const content of words) context.addMessage({ role: 'user', content });
    return context;
  };

  async function answerTo(
    model: responses.LLM,
    chatCtx: agentsLlm.ChatContext,
    toolCtx?: agentsLlm.ToolContext,
  ) {
    const stream = model.chat({ chatCtx: chatCtx.copy(), ...(toolCtx ? { toolCtx } : {}) });
    let words = '';
    const tools: string[] = [];
    let promptTokens = 0;
    for await (const chunk of stream) {
      words += chunk.delta?.content ?? '';
      tools.push(...(chunk.delta?.toolCalls ?? []).map(({ name, args }) => `${name} ${args}`));
      promptTokens += chunk.usage?.promptTokens ?? 0;
    }
    return { words, tools, promptTokens };
  }

  it('answers turns over one WebSocket, and the second continues the first', async () => {
    const on = await stage([text('One ', 'moment.'), text('Done.')]);
    const model = new responses.LLM({ model: 'm', baseURL: on.gateway.url, apiKey: 'any' });
    onTestFinished(() => model.close());
    const context = chatContext('A table.');
    expect(await answerTo(model, context)).toMatchObject({ words: 'One moment.', promptTokens: 7 });
    context.addMessage({ role: 'user', content: 'For four.' });
    expect(await answerTo(model, context)).toMatchObject({ words: 'Done.' });
    expect(on.asked.map(({ messages }) => (messages as JsonFields[]).map(({ content }) => content))).toEqual([
      ['A table.'],
      ['A table.', 'One moment.', 'For four.'],
    ]);
  });

  it('passes tool calls, and continues with their results', async () => {
    const on = await stage([calls('book'), text('Booked.')]);
    const model = new responses.LLM({ model: 'm', baseURL: on.gateway.url, apiKey: 'any' });
    onTestFinished(() => model.close());
    const book = agentsLlm.tool({ description: 'Books.', execute: async () => 'ok' });
    const tools = new agentsLlm.ToolContext({ book });
    const context = chatContext('Book.');
    expect((await answerTo(model, context, tools)).tools).toEqual(['book {"for":"book"}']);
    expect(on.asked[0]!.tools).toMatchObject([{ type: 'function', function: { name: 'book' } }]);
    const [callId, name] = ['call_book', 'book'];
    context.insert(agentsLlm.FunctionCall.create({ callId, name, args: '{"for":"book"}' }));
    context.insert(agentsLlm.FunctionCallOutput.create({ callId, name, output: 'ok', isError: false }));
    expect((await answerTo(model, context, tools)).words).toBe('Booked.');
    const call = { id: callId, type: 'function', function: { name, arguments: '{"for":"book"}' } };
    expect(on.asked[1]!.messages).toEqual([
      { role: 'user', content: 'Book.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: callId, content: 'ok' },
    ]);
  });

  it('sends the whole conversation when the gateway no longer has it', async () => {
    const first = await stage([text('One.')]);
    const model = new responses.LLM({ model: 'm', baseURL: first.gateway.url, apiKey: 'any' });
    onTestFinished(() => model.close());
    const context = chatContext('A table.');
    await answerTo(model, context);
    // Its first attempt is on the closed socket. Without a listener, as a session has one, the report would be thrown.
    const onError = vi.fn();
    model.on('error', onError);
    const port = Number(new URL(first.gateway.origin).port);
    await first.close();
    const second = await stage([text('Two.')], { port });
    context.addMessage({ role: 'user', content: 'For four.' });
    expect((await answerTo(model, context)).words).toBe('Two.');
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ recoverable: true }));
    expect(second.asked[0]!.messages).toMatchObject([{ content: 'A table.' }, { content: 'For four.' }]);
  });
});

it('is at the paths that plugins use, and takes the model from the URL', async () => {
  const on = await stage([text('Hi.')]);
  for (const path of ['/v1/responses?model=m', '/v1?model=m', '/responses/?model=m', '/?model=m']) {
    const { send, until } = await open(on, path);
    send({ input: 'Hello' });
    await until('response.completed');
  }
  expect(await refusal(on, '/v1/chat/completions')).toBe(404);
});

it('checks the token, the host and the origin before it opens', async () => {
  const on = await stage([text('Hi.')], { token: 'right' });
  expect(await refusal(on, '/v1/responses')).toBe(401);
  expect(await refusal(on, '/v1/responses', { authorization: 'Bearer wrong' })).toBe(401);
  const token = { authorization: 'Bearer right' };
  expect(await refusal(on, '/v1/responses', { ...token, origin: 'https://evil.example' })).toBe(403);
  expect(await refusal(on, '/v1/responses', { ...token, host: 'evil.example' })).toBe(403);
  await open(on, '/v1/responses', token);
});

it('answers each message once, in order, whatever is in it', async () => {
  const on = await stage([text('Hi.'), { status: 400 }, text('Hi.')]);
  const { socket, send, until, events } = await open(on);
  send({ model: 'm', input: 'Hello' });
  await until('response.created');
  socket.send('{');
  socket.send(JSON.stringify({ type: 'response.cancel' }));
  send({ model: 'n', input: 'Hello' });
  send({ model: 'm', input: 'Refuse this.' });
  send({ model: 'm', input: 'Hello', metadata: { 'x-firstword-waiting-since-ms': '5' } });
  await until('error', 5);
  send({ model: 'm', input: 'Hello' });
  await until('response.completed', 2);
  const ends = events.filter(({ type }) => type === 'response.completed' || type === 'error');
  expect(ends.map(({ type, status }) => status ?? type)).toEqual([
    'response.completed',
    400,
    400,
    404,
    400,
    400,
    'response.completed',
  ]);
  expect(ends[4]!.error).toMatchObject({ code: 'nope', message: expect.stringContaining('No.') });
  // A null would make LiveKit's plugin ignore the event.
  expect(JSON.stringify(ends.filter(({ type }) => type === 'error'))).not.toContain('null');
  expect(ends[0]!.firstword).toMatchObject({ route: 'm', outcome: 'finished' });
});

it('cancels the answers of a client that leaves, at the provider too', async () => {
  const on = await stage([{ open: 'Well, ' }]);
  const { socket, send, until } = await open(on);
  send({ model: 'm', input: 'Hello' });
  await until('response.output_text.delta');
  expect(on.open()).toBe(1);
  expect(on.gateway.running).toBe(1);
  socket.close();
  await vi.waitFor(() => expect([on.open(), on.gateway.running]).toEqual([0, 0]));
});

it('closes idle WebSockets when it stops, and the others after their answer', async () => {
  const on = await stage([{ open: 'Well, ' }]);
  const idle = await open(on);
  const busy = await open(on);
  busy.send({ model: 'm', input: 'Hello' });
  await busy.until('response.output_text.delta');
  const stop = new AbortController();
  const drained = on.gateway.drain({ signal: stop.signal });
  await once(idle.socket, 'close');
  busy.send({ model: 'm', input: 'Another' });
  // Its answer comes after the message was received.
  busy.socket.ping();
  await once(busy.socket, 'pong');
  stop.abort();
  await drained;
  await vi.waitFor(() => expect(busy.socket.readyState).toBe(WebSocket.CLOSED));
  expect(busy.events.some(({ type }) => type === 'response.completed')).toBe(false);
  expect(busy.events.some(({ type }) => type === 'response.failed')).toBe(true);
  // The code at which LiveKit's plugin connects again.
  const codes = busy.events.flatMap(({ error }) => (error as JsonFields | undefined)?.code ?? []);
  expect(codes).toEqual(['websocket_connection_limit_reached']);
});

it('answers requests that offer another upgrade, such as Java’s, as plain HTTP', async () => {
  const on = await stage([text('Hi.')]);
  const body = JSON.stringify({ model: 'm', input: 'Hello' });
  const socket = connect(Number(new URL(on.gateway.origin).port), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const request = (upgrade: string) =>
    `POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  let received = '';
  socket.setEncoding('utf8').on('data', (data) => {
    received += data;
  });
  socket.write(request('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'));
  await vi.waitFor(() => expect(received).toMatch(/^HTTP\/1.1 200 OK/));
  // The connection serves further requests.
  socket.write(request(''));
  await vi.waitFor(() => expect(received.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2));
});
