import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ConnectionTrace } from '../trace.js';

/** An idle socket is kept this long unless the server announces less. */
const IDLE_MS = 5 * 60_000;

/**
 * One open connection and the HTTP/1.1 client on it. A connection carries one request at a time, and dies with its socket.
 * Owning the socket is what lets a request know whether its connection was open, resumed or cold.
 */
export class Connection {
  readonly opened: ConnectionTrace;
  /** Requests sent so far. */
  uses = 0;
  readonly #socket: Socket;
  readonly #client: Client;
  #closed = false;
  #socketProvided = false;

  constructor(options: {
    origin: URL;
    socket: Socket;
    opened: ConnectionTrace;
    onClosed: (connection: Connection) => void;
  }) {
    this.opened = options.opened;
    this.#socket = options.socket;
    this.#client = new Client(options.origin, {
      connect: (_target, callback) => this.#provideSocket(callback),
      keepAliveTimeout: IDLE_MS,
      // Requests carry their own deadlines, on the injected clock.
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
    // Nothing may arrive before a request: data (such as a 408) or an end means that the server has given up on us.
    this.#socket.once('readable', close);
    this.#socket.unref();
  }

  readonly #close: () => void;

  get closed(): boolean {
    return this.#closed;
  }

  /** undici asks once; were it to ask again, the socket is gone and so is the connection. */
  #provideSocket(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    const first = !this.#socketProvided;
    this.#socketProvided = true;
    this.#socket.off('readable', this.#close);
    // undici loses a request whose connector calls back synchronously.
    queueMicrotask(() => {
      if (first && !this.#closed) callback(null, this.#socket);
      else
        callback(
          Object.assign(new Error('the idle connection was closed'), { code: 'UND_ERR_SOCKET' }),
          null,
        );
    });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.uses += 1;
    this.#socket.ref();
    this.#client.dispatch(options, handler);
  }

  /** Closes the socket at once, whatever it was doing. */
  destroy(): void {
    this.#close();
  }
}
