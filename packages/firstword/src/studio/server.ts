import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pageFile } from '@firstword/doctor/pages';
import { FirstwordError } from '@firstword/turn';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_MESSAGE_BYTES } from './protocol.js';

/** A page that does not answer a ping within this time is disconnected, ms. */
const HEARTBEAT_MS = 15_000;

/** The built page: in the packed package, otherwise in the repository. */
const PAGE_DIR = ['../../page', '../../../../apps/studio/dist']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((dir) => existsSync(dir));

/** Security headers: the page may load scripts from and connect to this server only. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The studio's HTTP and WebSocket server. */
export interface StudioServer {
  /** Address of the page. */
  url: string;
  /** Disconnects all pages and stops listening. */
  close(): Promise<void>;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a WebSocket request comes from the page that this server served: its Origin must equal its Host, and on a
 * loopback address the Host must be a loopback name. Without this check, any website open in the same browser could
 * start a call and listen to the microphone.
 */
export function isAllowedOrigin(
  headers: { origin?: string | undefined; host?: string | undefined },
  listenHost: string,
): boolean {
  const { origin, host } = headers;
  if (!host || !URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname;
  const local = LOOPBACK.has(listenHost) || listenHost === '::1';
  if (local && !LOOPBACK.has(name)) return false;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): FirstwordError {
  const other = 'choose another port with --port (0 picks a free one)';
  if (cause.code === 'EADDRINUSE') {
    return new FirstwordError(
      'port_in_use',
      `Port ${port} is taken on ${host}. Stop the process that uses it, or ${other}.`,
      { cause },
    );
  }
  if (cause.code === 'EACCES') {
    return new FirstwordError('port_in_use', `This user may not listen on port ${port}: ${other}.`, {
      cause,
    });
  }
  return new FirstwordError(
    'bad_input',
    `Cannot listen on ${host}:${port} (${cause.code}). Check --host and --port.`,
    { cause },
  );
}

function keepAlive(sockets: WebSocketServer): () => void {
  const alive = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => {
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, HEARTBEAT_MS);
  return () => clearInterval(timer);
}

/** The documentation page at `/docs/doctor/RULE.md`, to which a finding links; `undefined` for any other path. */
export function docsFile(path: string | undefined): URL | undefined {
  const page = /^\/docs\/(doctor\/[a-z-]+\.md)$/.exec(path ?? '')?.[1];
  return page === undefined ? undefined : pageFile(page);
}

/** Answers with the files of the page, and with the documentation of the doctor's rules. */
function requestHandler(): RequestListener {
  const files = sirv(PAGE_DIR, {
    etag: true,
    setHeaders: (res) => {
      for (const [k, v] of Object.entries(HEADERS)) res.setHeader(k, v);
    },
  });
  return (req, res) =>
    files(req, res, () => {
      const file = docsFile(req.url);
      if (!file) return void res.writeHead(404).end('Not found');
      // As plain text: browsers download Markdown.
      res.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
      createReadStream(file).pipe(res);
    });
}

/**
 * Serves the page, and a WebSocket at `/talk` for that page only.
 * @throws FirstwordError `bad_input` if the page has not been built or the address is invalid; `port_in_use`
 */
export async function startStudioServer(options: {
  host: string;
  port: number;
  onConnection(socket: WebSocket): void;
}): Promise<StudioServer> {
  if (PAGE_DIR === undefined) {
    throw new FirstwordError('bad_input', 'The studio’s page has not been built: run `npm run build` first.');
  }
  const server = createServer(requestHandler());
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const stopKeepAlive = keepAlive(sockets);
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (req.url !== '/talk' || !isAllowedOrigin(req.headers, options.host)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(req, socket, head, (ws) => {
      sockets.emit('connection', ws, req);
      options.onConnection(ws);
    });
  });
  try {
    await listen(server, options.host, options.port);
  } catch (error) {
    stopKeepAlive();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${shown}:${port}/`,
    close: async () => {
      stopKeepAlive();
      for (const socket of sockets.clients) socket.close(1001, 'The studio was stopped.');
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
          server.closeAllConnections();
        }, 500).unref();
      });
    },
  };
}
