import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a provider received it. */
export interface UpstreamRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** A provider with prepared answers. */
export interface Upstream {
  /** Base URL, with `/v1`. */
  url: string;
  requests: UpstreamRequest[];
  sockets: Set<Socket>;
}

/** A real HTTP server on a free port, closed when the test ends. */
export async function upstream(
  answer: (response: ServerResponse, request: UpstreamRequest) => unknown,
): Promise<Upstream> {
  const state: Upstream = { url: '', requests: [], sockets: new Set() };
  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    const request = { path: incoming.url!, headers: incoming.headers, body: JSON.parse(text || '{}') };
    state.requests.push(request);
    answer(response, request);
  });
  server.on('connection', (socket) => {
    state.sockets.add(socket);
    socket.on('close', () => state.sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return state;
}

/** One event of a stream. */
export const event = (value: unknown, name?: string) =>
  `${name ? `event: ${name}\n` : ''}data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
/** A chunk of a chat completion, with fields that the gateway does not know. */
export const chunk = (delta: object, more: object = {}, top: object = {}) =>
  event({
    id: 'chatcmpl-7',
    object: 'chat.completion.chunk',
    created: 1_796_000_000,
    model: 'm-2026-11-30',
    system_fingerprint: 'fp_1',
    obfuscation: 'xyz',
    ...top,
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  });
/** The chunk that ends an answer. */
export const finish = (reason = 'stop') => chunk({}, { finish_reason: reason });
/** The chunk with the usage. */
export const usage = event({
  id: 'chatcmpl-7',
  object: 'chat.completion.chunk',
  created: 1_796_000_000,
  model: 'm-2026-11-30',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13, extra_tokens: 1 },
});
export const DONE = event('[DONE]');

/** Writes a stream; `open` leaves it open. */
export function stream(response: ServerResponse, text: string, options: { open?: boolean } = {}): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (options.open) response.write(text);
  else response.end(text);
}

/** Resolves once `condition` is true; checks on every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
