import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, FirstwordError } from '@firstword/turn';
import type { StatsCounter } from '../stats.js';
import type { Certificate } from './certificate.js';

/** Idle keep-alive connections are closed after this time. No test or benchmark leaves one idle for longer. */
const IDLE_SOCKET_MS = 120_000;

/** Takes over a connection whose client asks for another protocol, such as WebSocket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The listening socket and its open connections. */
export class Listener {
  readonly #front: Server;
  readonly #http: HttpServer;
  readonly #sockets = new Set<Socket>();

  constructor(options: {
    onRequest: RequestListener;
    stats: StatsCounter;
    clock: Clock;
    /** Delay before a new connection is served, ms: the handshake time of a distant provider. */
    handshakeMs: number;
    /** Serve TLS with this certificate; plain HTTP without one. */
    certificate: Certificate | undefined;
    /** Without it, requests to upgrade are answered like others. */
    onUpgrade?: UpgradeHandler | undefined;
  }) {
    const { certificate, stats, clock, handshakeMs } = options;
    const keepAlive = { keepAliveTimeout: IDLE_SOCKET_MS };
    this.#http = certificate
      ? createHttpsServer(
          { ...keepAlive, key: certificate.keyPem, cert: certificate.certPem },
          options.onRequest,
        )
      : createHttpServer(keepAlive, options.onRequest);
    if (options.onUpgrade) this.#http.on('upgrade', options.onUpgrade);
    this.#front = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
      stats.connectionOpened();
      this.#sockets.add(socket);
      const serve = () => {
        this.#http.emit('connection', socket);
        if (!certificate) socket.resume();
      };
      const cancel = handshakeMs > 0 ? clock.schedule(handshakeMs, serve) : undefined;
      if (!cancel) serve();
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        cancel?.();
        this.#sockets.delete(socket);
        stats.connectionClosed();
      });
    });
  }

  /** Resolves with the port. @throws FirstwordError `port_in_use`, or `bad_input` for an unusable host or port */
  listen(options: { host: string; port: number }): Promise<number> {
    const { host, port } = options;
    return new Promise((resolve, reject) => {
      this.#front.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      this.#front.listen({ host, port }, () => resolve((this.#front.address() as AddressInfo).port));
    });
  }

  /** Stops listening and destroys every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#front.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): FirstwordError {
  if (error.code === 'EADDRINUSE') {
    return new FirstwordError(
      'port_in_use',
      `The emulator cannot listen on ${host}:${port}: the port is in use. Choose another port, or 0 for any free one.`,
      { cause: error },
    );
  }
  return new FirstwordError(
    'bad_input',
    `The emulator cannot listen on ${host}:${port} (${error.code ?? error.message}). Check the host and the port.`,
    { cause: error },
  );
}
