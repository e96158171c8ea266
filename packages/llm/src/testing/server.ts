import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as the server received it. */
export interface TestRequest {
  method: string;
  /** With its parameters. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface TestServer {
  baseUrl: string;
  server: Server;
  /** Number of connections accepted so far. */
  connections: number;
  sockets: Set<Socket>;
  requests: TestRequest[];
}

/** A real HTTP server on a free port, closed when the test ends. */
export async function serve(
  answer: (response: ServerResponse, body: string, request: IncomingMessage) => unknown,
): Promise<TestServer> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    state.requests.push({ method: request.method!, path: request.url!, headers: request.headers, body });
    answer(response, body, request);
  });
  const state: TestServer = { baseUrl: '', server, connections: 0, sockets: new Set(), requests: [] };
  server.on('connection', (socket) => {
    state.connections += 1;
    state.sockets.add(socket);
    socket.on('close', () => state.sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return state;
}

export const data = (value: unknown) =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
export const delta = (fields: object) =>
  data({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
export const text = (content: string) => delta({ content });
export const finish = (reason = 'stop') =>
  data({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
export const DONE = data('[DONE]');

/** Starts a stream and writes these pieces; ends it unless `open` is set. */
export function stream(
  response: ServerResponse,
  pieces: (string | Buffer)[],
  options: { open?: boolean } = {},
) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) response.write(piece);
  if (!options.open) response.end();
}

/** A complete short answer. */
export const say = (...words: string[]) => [...words.map(text), finish(), DONE];

/** Resolves once `condition` is true; checks on every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
