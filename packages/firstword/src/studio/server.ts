import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pageFile } from '@firstword/doctor/pages';
import { FirstwordError } from '@firstword/turn';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';
import { parsed, StudioAccess, TOKEN_PARAMETER } from './access.js';
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
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The studio's HTTP and WebSocket server. */
export interface StudioServer {
  /** Address of the page, with its token if it needs one. */
  url: string;
  /** Whether other machines can reach the page: only those who have the address may use it. */
  isPublic: boolean;
  /** Disconnects all pages and stops listening. */
  close(): Promise<void>;
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

const TEXT = { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' };

/** Refuses requests of others, and exchanges the token of the printed address for a cookie. */
function guarded(access: StudioAccess, handler: RequestListener): RequestListener {
  return (req, res) => {
    const url = parsed(req.url);
    if (!access.isAllowedHost(req.headers) || !url) {
      const text = 'This host name is not allowed. Start the studio with --allow-host NAME to allow it.\n';
      res.writeHead(403, TEXT).end(text);
    } else if (!access.isAuthorized(req)) {
      res.writeHead(401, TEXT).end('Open the address that the terminal shows: it contains the token.\n');
    } else if (access.hasToken(req.url)) {
      url.searchParams.delete(TOKEN_PARAMETER);
      // Relative, because a proxy may serve the page below another path.
      const location = `./${url.pathname.split('/').at(-1)}${url.search}`;
      res.writeHead(303, { ...TEXT, location, 'set-cookie': access.cookie }).end();
    } else handler(req, res);
  };
}

/** The first address under which other machines reach this one; `localhost` if there is none. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost';
}

function pageUrl(host: string, port: number, token: string | undefined): string {
  const reachable = host === '0.0.0.0' || host === '::' ? ownAddress() : host;
  const shown = reachable.includes(':') ? `[${reachable}]` : reachable;
  return `http://${shown}:${port}/${token === undefined ? '' : `?${TOKEN_PARAMETER}=${token}`}`;
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
      res.writeHead(200, TEXT);
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
  /** Further host names under which the page may be opened. */
  allowedHosts?: readonly string[];
  onConnection(socket: WebSocket): void;
}): Promise<StudioServer> {
  if (PAGE_DIR === undefined) {
    throw new FirstwordError('bad_input', 'The studio’s page has not been built: run `npm run build` first.');
  }
  const access = new StudioAccess({ listenHost: options.host, allowedHosts: options.allowedHosts });
  const server = createServer(guarded(access, requestHandler()));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const stopKeepAlive = keepAlive(sockets);
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const isTalk = parsed(req.url)?.pathname === '/talk';
    if (!isTalk || !access.isAllowedOrigin(req.headers) || !access.isAuthorized(req)) {
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
  access.port = port;
  return {
    url: pageUrl(options.host, port, access.token),
    isPublic: access.token !== undefined,
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
