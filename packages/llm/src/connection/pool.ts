import type { SecureContext } from 'node:tls';
import { type Clock, FirstwordError } from '@firstword/turn';
import { scheduleAfterReads } from '../stream/schedule-after-reads.js';
import type { ConnectionTrace } from '../trace.js';
import { Connection } from './connection.js';
import { openSocket, type TlsSessionCache } from './open-socket.js';
import { outsideCalls } from './outside-calls.js';
import type { HttpProxy } from './proxy.js';
import { trusting } from './trust.js';

/** A connection that closes sooner than this after opening is not replaced: the server does not want it, ms. */
const SHORT_LIFE_MS = 1_000;

/** Options of `Pool`. */
export interface PoolOptions {
  origin: URL;
  clock: Clock;
  /** Time limit for opening a connection, ms. */
  connectMs: number;
  /** Number of idle connections to keep open after `warm()`. */
  keepWarm: number;
  /** Idle connections that close are replaced until this long after the last use, ms. */
  keepWarmForMs: number;
  /** The proxy that every connection goes through, also those that are opened in advance. */
  proxy?: HttpProxy | undefined;
  /** Certificate authority to trust in addition to the default ones, PEM. */
  ca?: string | Buffer | undefined;
}

/** What a request needs of a connection. */
export type RequestConnection = Pick<Connection, 'dispatch' | 'destroy'>;

/** A connection for one request, and how that request obtained it. */
export interface Lease {
  connection: RequestConnection;
  /** Unknown where a dispatcher of the user's opens the connections. */
  trace?: ConnectionTrace;
}

/**
 * The connections to one endpoint: a `Pool`, or a dispatcher of the user's. A dispatcher opens its connections for requests
 * only, so it has no `warm`.
 */
export type EndpointConnections = Pick<Pool, 'takeIdle' | 'take' | 'release' | 'rewarm' | 'close'> &
  Partial<Pick<Pool, 'warm'>>;

interface Waiter {
  /** When it began to wait, clock, ms. */
  sinceMs: number;
  resolve(lease: Lease): void;
  reject(error: unknown): void;
}

/**
 * The open connections to one endpoint. A request takes an idle one, or waits for the first that opens or becomes
 * free. Idle connections that close are replaced while the endpoint is in use.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #tlsSessions: TlsSessionCache = {};
  readonly #secureContext: SecureContext | undefined;
  readonly #closing = new AbortController();
  /** Cancel the connections that are being opened. */
  readonly #stops = new Set<AbortController>();
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #openedAtMs = new WeakMap<Connection, number>();
  readonly #waiting: Waiter[] = [];
  #opening = 0;
  #lastUseMs = Number.NEGATIVE_INFINITY;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#secureContext = options.ca === undefined ? undefined : trusting(options.ca);
  }

  /** The most recently used idle connection, if any: the server is least likely to have closed it. */
  takeIdle(): Lease | undefined {
    this.#lastUseMs = this.#options.clock.nowMs();
    const connection = this.#idle.pop();
    return connection && { connection, trace: { state: 'reused' } };
  }

  /**
   * Takes a connection; give it back with `release`. `fresh`: skip the idle ones. If the server closed one of them,
   * it has probably closed the others too.
   * @throws the socket's error; FirstwordError `timeout` after `connectMs`, `aborted` by the signal or `close()`
   */
  take(options: { signal: AbortSignal; fresh?: boolean }): Promise<Lease> {
    const idle = options.fresh ? undefined : this.takeIdle();
    if (idle) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
      };
      const onAbort = () => {
        leave();
        reject(new FirstwordError('aborted', 'the request was cancelled while it waited for a connection'));
      };
      const waiter: Waiter = {
        sinceMs: this.#options.clock.nowMs(),
        resolve: (lease) => {
          leave();
          resolve(lease);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      else if (this.#waiting.length > this.#opening) void this.#open();
    });
  }

  /** Gives a connection back after a complete response. */
  release(connection: RequestConnection): void {
    // Wait one turn of the event loop, as undici advises: a server may close a connection right after a response that
    // announced keep-alive.
    setImmediate(() => this.#offer(connection as Connection, { state: 'reused' }));
  }

  /** Opens connections until `keepWarm` are idle. Resolves when one is idle; rejects when none can be opened. */
  async warm(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#lastUseMs = this.#options.clock.nowMs();
    const opening: Promise<void>[] = [];
    for (let missing = this.#missing(); missing > 0; missing -= 1)
      opening.push(this.#open({ throwOnFailure: true }));
    if (opening.length === 0 || this.#idle.length > 0) return;
    let onAbort = () => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(new FirstwordError('aborted', 'warming was aborted by its signal'));
    });
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([Promise.any(opening), aborted]);
    } catch (cause) {
      throw cause instanceof AggregateError ? cause.errors[0] : cause;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Warms in the background. A failure is not reported here: the next request will meet it. */
  rewarm(): void {
    if (this.#closing.signal.aborted) return;
    for (let missing = this.#missing(); missing > 0; missing -= 1) void this.#open();
  }

  /** Closes every connection and rejects waiting requests with `aborted`. */
  close(): void {
    this.#closing.abort(new FirstwordError('aborted', 'the model was closed'));
    for (const waiter of [...this.#waiting]) waiter.reject(this.#closing.signal.reason);
    for (const stop of this.#stops) stop.abort(this.#closing.signal.reason);
    for (const connection of [...this.#connections]) connection.destroy();
  }

  #missing(): number {
    return this.#options.keepWarm - this.#idle.length - (this.#opening - this.#waiting.length);
  }

  #offer(connection: Connection, trace: ConnectionTrace): void {
    if (connection.closed) return;
    const waiter = this.#waiting[0];
    if (waiter) waiter.resolve({ connection, trace });
    else this.#idle.push(connection);
  }

  #open(options: { throwOnFailure?: boolean } = {}): Promise<void> {
    return outsideCalls(() => this.#openConnection(options));
  }

  async #openConnection(options: { throwOnFailure?: boolean }): Promise<void> {
    const { clock, connectMs, origin, proxy } = this.#options;
    // Not AbortSignal.any: Node keeps a weak reference to every signal that it creates, for as long as the pool
    // exists.
    const stop = new AbortController();
    if (this.#closing.signal.aborted) stop.abort(this.#closing.signal.reason);
    this.#stops.add(stop);
    const startedMs = clock.nowMs();
    const cancelTimer = scheduleAfterReads(clock, connectMs, () =>
      stop.abort(new FirstwordError('timeout', `no connection within ${connectMs} ms`, { retryable: true })),
    );
    const { signal } = stop;
    this.#opening += 1;
    try {
      const { socket, opened } = await openSocket({
        origin,
        clock,
        tlsSessions: this.#tlsSessions,
        proxy,
        secureContext: this.#secureContext,
        signal,
      });
      this.#opening -= 1;
      const connection = new Connection({
        origin,
        socket,
        proxy,
        onClosed: (closed) => this.#forget(closed),
      });
      this.#connections.add(connection);
      this.#openedAtMs.set(connection, clock.nowMs());
      this.#offer(connection, opened);
    } catch (error) {
      this.#opening -= 1;
      if (this.#waiting.length > this.#opening) this.#onOpenFailed(this.#waiting[0]!, startedMs, error);
      if (options.throwOnFailure) throw error;
    } finally {
      cancelTimer();
      this.#stops.delete(stop);
    }
  }

  /**
   * A request waited for a connection that could not be opened. It gets the reason, unless that connection was opened in advance:
   * then part of the time limit was over before the request came, and it gets the whole of it for another connection.
   */
  #onOpenFailed(waiter: Waiter, startedMs: number, error: unknown): void {
    if (waiter.sinceMs > startedMs && !this.#closing.signal.aborted) void this.#open();
    else waiter.reject(error);
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    const nowMs = this.#options.clock.nowMs();
    const livedMs = nowMs - this.#openedAtMs.get(connection)!;
    if (livedMs >= SHORT_LIFE_MS && nowMs - this.#lastUseMs < this.#options.keepWarmForMs) this.rewarm();
  }
}
