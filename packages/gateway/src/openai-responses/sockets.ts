import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { failureOf, GatewayError } from '../answer/failure.js';
import { openAiError } from '../openai-chat/error.js';
import type { GatewayState } from '../server/state.js';
import type { ConversationStore } from './conversation-store.js';
import { SocketSession } from './socket-session.js';

/**
 * Paths of the WebSocket. `/v1` and `/` are for LiveKit's plugin for Python, which connects to its `base_url` itself.
 */
const PATHS = new Set(['/v1/responses', '/responses', '/v1', '/']);
/** A peer that has vanished is found by probes of the system that start after this time, ms. */
const KEEP_ALIVE_MS = 30_000;

/** A client has this long to answer the closing of its socket, ms. */
const CLOSE_MS = 300;

/** The WebSockets of the Responses API, on the server of a gateway. */
export class ResponsesSockets {
  readonly #state: GatewayState;
  readonly #conversations: ConversationStore;
  readonly #server: WebSocketServer;
  readonly #sessions = new Set<SocketSession>();

  constructor(state: GatewayState, conversations: ConversationStore) {
    this.#state = state;
    this.#conversations = conversations;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: state.limits.bodyBytes,
      // Compression would cost more time than loopback saves.
      perMessageDeflate: false,
    });
  }

  /** Takes over the upgrades of this HTTP server. */
  listen(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
      if (isWebSocket) this.#upgrade(request, socket, head);
      else answerPlainly(server, request, socket, head);
    });
  }

  /** Closes the sockets without an answer now, and the others after theirs. */
  drain(): void {
    for (const session of this.#sessions) session.drain();
  }

  /** Closes every socket. One whose client does not answer is cut off. */
  async close(): Promise<void> {
    const closed = [...this.#server.clients].map((socket) => {
      socket.close(1001, 'the gateway is stopping');
      return new Promise((resolve) => socket.once('close', resolve));
    });
    const cut = this.#state.clock.schedule(CLOSE_MS, () => {
      for (const socket of this.#server.clients) socket.terminate();
    });
    await Promise.all(closed);
    cut();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway');
      this.#check(request, pathname.replace(/(?<=.)\/$/, ''));
      const { remoteAddress = '' } = request.socket;
      request.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      this.#server.handleUpgrade(request, socket, head, (opened) => {
        const session = new SocketSession({
          socket: opened,
          state: this.#state,
          conversations: this.#conversations,
          headers: request.headers,
          model: searchParams.get('model') ?? undefined,
          client: remoteAddress,
        });
        this.#sessions.add(session);
        opened.once('close', () => this.#sessions.delete(session));
      });
    } catch (error) {
      refuse(socket, error);
    }
  }

  /** @throws GatewayError for a client that may not connect */
  #check({ headers }: IncomingMessage, path: string): void {
    const { access, isDraining, limits } = this.#state;
    access.checkOrigin(headers);
    access.checkToken(headers);
    if (!PATHS.has(path))
      throw new GatewayError(404, 'no WebSocket answers at this path: connect to /v1/responses');
    if (isDraining) throw new GatewayError(503, 'this gateway is stopping: try again');
    if (this.#sessions.size >= limits.concurrent)
      throw new GatewayError(503, 'the gateway has as many WebSockets as it takes: try again');
  }
}

const UPGRADE_HEADERS = new Set(['connection', 'upgrade', 'http2-settings']);

/**
 * A server with WebSockets gets every request that offers an upgrade here, such as those of Java's HTTP client, which offers
 * HTTP/2. The server parses the request again without this offer, and answers it like any other request.
 */
function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!UPGRADE_HEADERS.has(rawHeaders[at]!.toLowerCase()))
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  socket.removeAllListeners('error');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
}

/** Answers the upgrade request with an HTTP error. */
function refuse(socket: Duplex, error: unknown): void {
  const failure = failureOf(error);
  const body = JSON.stringify(openAiError(failure));
  const head = [
    `HTTP/1.1 ${failure.status} Refused`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
