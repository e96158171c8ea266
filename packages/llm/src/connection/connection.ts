import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { HttpProxy } from './proxy.js';

/** Idle sockets are kept this long unless the server announces less, ms. */
const IDLE_MS = 5 * 60_000;

/**
 * One open socket and the HTTP/1.1 client on it. It carries one request at a time and closes with its socket. Because
 * the socket is opened here and not by undici, each request knows whether its connection was reused, resumed or cold.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #client: Client;
  readonly #origin: URL;
  readonly #proxy: HttpProxy | undefined;
  #closed = false;
  #socketProvided = false;

  constructor(options: {
    origin: URL;
    socket: Socket;
    /** The proxy that the socket leads to. */
    proxy?: HttpProxy | undefined;
    onClosed: (connection: Connection) => void;
  }) {
    this.#socket = options.socket;
    this.#origin = options.origin;
    this.#proxy = options.proxy;
    this.#client = new Client(options.origin, {
      connect: (_target, callback) => this.#provideSocket(callback),
      keepAliveTimeout: IDLE_MS,
      // Requests have their own time limits, on the injected clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      pipelining: 1,
    });
    const close = () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#socket.destroy();
      void this.#client.destroy();
      options.onClosed(this);
    };
    this.#close = close;
    this.#client.on('disconnect', close);
    this.#client.on('connectionError', close);
    this.#socket.on('error', () => {});
    this.#socket.once('close', close);
    // The server must send nothing before a request: data (such as a 408 response) or an end means that it has closed
    // the connection.
    this.#socket.once('readable', close);
    this.#socket.unref();
  }

  readonly #close: () => void;

  /** Whether the connection has closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** undici connects once. If it asked again, the socket would be gone, and the connection with it. */
  #provideSocket(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    const first = !this.#socketProvided;
    this.#socketProvided = true;
    this.#socket.off('readable', this.#close);
    // undici loses a request if its connector calls back synchronously.
    queueMicrotask(() => {
      if (first && !this.#closed) callback(null, this.#socket);
      else
        callback(
          Object.assign(new Error('the idle connection was closed'), { code: 'UND_ERR_SOCKET' }),
          null,
        );
    });
  }

  /** Sends a request; the handler receives the response. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#socket.ref();
    this.#client.dispatch(this.#throughProxy(options), handler);
  }

  /** A proxy takes a plain http request with its whole URL and, if need be, a password. https is tunnelled past it. */
  #throughProxy(options: Dispatcher.DispatchOptions): Dispatcher.DispatchOptions {
    if (!this.#proxy || this.#origin.protocol === 'https:') return options;
    const { authorization } = this.#proxy;
    return {
      ...options,
      path: `${this.#origin.origin}${options.path}`,
      headers: {
        ...(options.headers as Record<string, string>),
        ...(authorization ? { 'proxy-authorization': authorization } : {}),
      },
    };
  }

  /** Closes the socket at once, even during a request. */
  destroy(): void {
    this.#close();
  }
}
