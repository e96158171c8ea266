import { FirstwordError, withoutSecrets } from '@firstword/turn';
import type { Dispatcher } from 'undici';
import type { ChatEvent } from '../chat.js';
import type { EncodedBody } from '../connection/encode.js';
import { connectionFailure, isClosedByServer } from '../connection/failure.js';
import type { Lease, RequestConnection } from '../connection/pool.js';
import type { ChatStream } from '../model.js';
import { ProviderError } from '../provider-error.js';
import { secretsIn } from '../providers/request-headers.js';
import { newTrace, type RequestTrace } from '../trace.js';
import { type ResponseHeaders, readHeaders } from '../wire/headers.js';
import type { WireSignal } from '../wire/wire.js';
import { AFTER_FINISH_MS, Deadline } from './deadline.js';
import { type Endpoint, pathBelow } from './endpoint.js';
import { EventQueue } from './event-queue.js';
import { type ResponseBody, responseBody, type StreamSource } from './response-body.js';

/** If the server does not end the body within this time after the last event, the connection is closed, ms. */
const LINGER_MS = 1_000;

/** Options of `HttpChat`. */
export interface HttpChatOptions {
  endpoint: Endpoint;
  body: EncodedBody | Promise<EncodedBody>;
  /** Wraps the events of a stream in frames; default false. */
  frames?: boolean;
  /** Ids of the tool calls in the conversation: the answer's calls get others. */
  callIds: Iterable<string>;
  signal?: AbortSignal | undefined;
  /** Called once when the stream has ended, in any way. */
  onSettled?: (chat: HttpChat) => void;
  /** May replace an error by a more helpful one before the reader gets it. */
  explain?: (error: FirstwordError) => Promise<FirstwordError> | FirstwordError;
}

/** One HTTP request, from getting a connection to the last event. */
export class HttpChat implements ChatStream {
  readonly trace: RequestTrace;
  readonly #options: HttpChatOptions;
  readonly #endpoint: Endpoint;
  readonly #queue: EventQueue<ChatEvent>;
  readonly #deadline: Deadline;
  readonly #stop = new AbortController();
  #request: { path: string; headers: Record<string, string>; body: string | Uint8Array } | undefined;
  #connection: RequestConnection | undefined;
  #body: ResponseBody | undefined;
  /** Pauses and resumes the reading of the response. */
  #controller: Dispatcher.DispatchController | undefined;
  #secrets: string[] | undefined;
  /** `finish` has arrived: whatever happens to the connection now, the answer is complete. */
  #complete = false;
  #settled = false;

  constructor(options: HttpChatOptions) {
    const { endpoint, signal } = options;
    this.#options = options;
    this.#endpoint = endpoint;
    this.trace = newTrace({ provider: endpoint.provider.name, model: endpoint.model });
    this.trace.marks.llmRequested = endpoint.clock.nowMs();
    this.#queue = new EventQueue({
      onLeave: () => this.cancel(),
      onFull: (isFull) => this.#onFull(isFull),
    });
    this.#deadline = new Deadline(endpoint.clock);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
    else this.#start();
  }

  [Symbol.asyncIterator](): AsyncIterator<ChatEvent> {
    return this.#queue;
  }

  cancel(): void {
    if (!this.#settle(this.#complete ? 'finished' : 'cancelled')) return;
    this.#queue.drop();
    this.#closeConnection();
  }

  readonly #onAbort = () => {
    if (!this.#settle('cancelled')) return;
    this.trace.error = new FirstwordError('aborted', 'the request was aborted by its signal');
    this.#queue.drop({ error: this.trace.error });
    this.#closeConnection();
  };

  #start(): void {
    const { body } = this.#options;
    this.#setDeadline('response headers', this.#endpoint.timeouts.headersMs);
    if (body instanceof Promise) body.then((encoded) => this.#authenticate(encoded), this.#fail);
    else this.#authenticate(body);
  }

  /** Adds the headers. They may need the body, for its signature, or a token that is fetched first. */
  #authenticate({ bytes: body, headers: encoding }: EncodedBody): void {
    if (this.#settled) return;
    const { provider, model, origin } = this.#endpoint;
    const path = pathBelow(this.#endpoint, provider.wire.path(model));
    this.trace.bodyBytes = Buffer.byteLength(body);
    const connect = (headers: Record<string, string>) => {
      this.#request = { path, headers, body };
      this.#connect();
    };
    const request = { method: 'POST', url: `${origin.origin}${path}`, headers: encoding, body } as const;
    try {
      const headers = this.#endpoint.headers(request);
      if (headers instanceof Promise) headers.then(connect, this.#fail);
      else connect(headers);
    } catch (error) {
      this.#fail(error);
    }
  }

  #connect(): void {
    if (this.#settled) return;
    const { pool } = this.#endpoint;
    const idle = pool.takeIdle();
    if (idle) this.#send(idle);
    else pool.take({ signal: this.#stop.signal }).then((lease) => this.#send(lease), this.#fail);
  }

  #send({ connection, trace }: Lease): void {
    const { marks } = this.trace;
    if (this.#settled) {
      this.#endpoint.pool.release(connection);
      return;
    }
    this.#connection = connection;
    marks.connectionReady = this.#endpoint.clock.nowMs();
    if (trace) this.trace.connection = trace;
    this.trace.requests += 1;
    try {
      connection.dispatch({ method: 'POST', ...this.#request! }, this.#handler(connection));
    } catch (error) {
      this.#fail(error);
    }
  }

  #handler(connection: RequestConnection): Dispatcher.DispatchHandler {
    const { clock, pool } = this.#endpoint;
    return {
      onRequestStart: (controller) => {
        this.#controller = controller;
        this.trace.marks.requestSent = clock.nowMs();
      },
      onResponseStart: (_controller, status, headers) => {
        if (status >= 200) this.#guard(() => this.#onHeaders(status, headers));
      },
      onResponseData: (_controller, chunk) => this.#guard(() => this.#body!.push(chunk, this.#applySignals)),
      onResponseEnd: () => {
        this.#connection = undefined;
        // It would resume the next request of this connection.
        this.#controller = undefined;
        pool.release(connection);
        if (this.#settled) this.#deadline.stop();
        this.#guard(() => this.#body!.end(this.#applySignals));
      },
      onResponseError: (_controller, error) => {
        if (this.#connection === connection) this.#onBroken(connection, error);
      },
    };
  }

  #onHeaders(status: number, headers: ResponseHeaders): void {
    const { clock, timeouts } = this.#endpoint;
    this.trace.marks.responseHeaders = clock.nowMs();
    this.trace.status = status;
    readHeaders(this.trace, headers, clock.wallMs());
    for (const field of ['requestId', 'profile'] as const)
      if (this.trace[field] !== undefined) this.trace[field] = this.#clean(this.trace[field]);
    const { callIds } = this.#options;
    this.#body = responseBody(this.#endpoint, { status, headers, callIds, onError: this.#fail });
    this.#setDeadline('first content', timeouts.firstContentMs);
  }

  /**
   * The connection closed. If an idle connection was closed before the server saw the request, the request is sent
   * once more, on a new connection. A dispatcher of the user's does not say whether the connection was idle.
   */
  #onBroken(connection: RequestConnection, error: unknown): void {
    connection.destroy();
    this.#connection = undefined;
    const state = this.trace.connection?.state ?? 'reused';
    const stale = state === 'reused' && this.trace.requests === 1;
    if (!this.#settled && stale && !this.#body && isClosedByServer(error)) {
      const { signal } = this.#stop;
      this.#endpoint.pool.take({ signal, fresh: true }).then((lease) => this.#send(lease), this.#fail);
    } else if (!this.#settled && this.#body) {
      const { provider } = this.trace;
      const what = `The answer from ${provider} was cut short: the connection closed before its end. Try again, or add a backup model.`;
      const cut = new ProviderError('bad_stream', what, { provider, retryable: true, cause: error });
      this.#fail(this.#body.failure?.() ?? cut);
    } else this.#fail(error);
  }

  /** The reader is slower than the answer: the rest waits in the socket, so that the memory stays bounded. */
  #onFull(isFull: boolean): void {
    if (isFull) this.#controller?.pause();
    else {
      this.#deadline.touch();
      this.#controller?.resume();
    }
  }

  readonly #applySignals = (signals: WireSignal[], source?: StreamSource): void => {
    if (this.#options.frames && source !== undefined) {
      this.#applyFrame(signals, source);
      return;
    }
    for (const signal of signals) {
      if (this.#settled) return;
      this.#recordSignal(signal);
      if (signal.type === 'end') this.#finish();
      else if (isForReader(signal)) this.#queue.push(signal);
    }
  };

  #applyFrame(signals: WireSignal[], source: StreamSource): void {
    if (this.#settled) return;
    const events: ChatEvent[] = [];
    let isEnd = false;
    for (const signal of signals) {
      this.#recordSignal(signal);
      if (signal.type === 'end') isEnd = true;
      else if (isForReader(signal)) events.push(signal);
    }
    // Whoever passes the frames on writes the end of the stream, because not every answer has one.
    if (!isEnd && source !== 'end') this.#queue.push({ type: 'frame', sse: source, events });
    else if (events.length > 0) this.#queue.push({ type: 'frame', events });
    if (isEnd) this.#finish();
  }

  /** Records the timestamps and values of a signal in the trace. */
  #recordSignal(signal: WireSignal): void {
    const { marks } = this.trace;
    const nowMs = this.#endpoint.clock.nowMs();
    const content = signal.type === 'text' || signal.type === 'toolCall' || signal.type === 'toolCallDelta';
    if (content || signal.type === 'reasoning') {
      marks.firstDelta ??= nowMs;
      this.#deadline.touch();
    }
    if (signal.type === 'usage') this.trace.usage = { ...this.trace.usage, ...signal.usage };
    if (signal.type === 'providerTime') this.trace.providerTime = signal.providerTime;
    if (signal.type === 'served')
      for (const field of ['serviceTier', 'servedBy'] as const)
        if (signal.served[field] !== undefined) this.trace[field] = this.#clean(signal.served[field]);
    if (signal.type === 'finish') {
      this.#complete = true;
      this.#finishAt(nowMs + AFTER_FINISH_MS);
    }
    if (!content || marks.firstContent !== undefined) return;
    marks.firstContent = nowMs;
    if (this.#complete) return;
    const { stallMs } = this.#endpoint.timeouts;
    this.#watchForStall(stallMs);
  }

  #watchForStall(stallMs: number): void {
    this.#deadline.quiet(stallMs, () => {
      // Nothing is read while the reader is behind.
      if (this.#queue.full) this.#watchForStall(stallMs);
      else this.#onTimeout('next part of the answer', stallMs);
    });
  }

  #finishAt(atMs: number): void {
    this.#deadline.at(atMs, () => {
      // The `usage` is not read while the reader is behind.
      if (this.#queue.full) this.#finishAt(this.#endpoint.clock.nowMs() + AFTER_FINISH_MS);
      else this.#finish();
    });
  }

  #finish(): void {
    if (!this.#settle('finished')) return;
    this.#queue.end();
    if (this.#connection)
      this.#deadline.at(this.#endpoint.clock.nowMs() + LINGER_MS, () => this.#closeConnection());
  }

  readonly #fail = (error: unknown): void => {
    const { provider, origin } = this.#endpoint;
    if (this.#complete) {
      this.#finish();
      return;
    }
    const failure = connectionFailure(error, { provider: provider.name, origin });
    if (!this.#settle('failed')) return;
    this.#recordError(failure);
    this.#closeConnection();
    const report = (explained: FirstwordError) => {
      if (explained !== failure) this.#recordError(explained);
      this.#queue.fail(explained);
    };
    const explained = this.#options.explain?.(failure) ?? failure;
    if (explained instanceof Promise) void explained.then(report);
    else report(explained);
  };

  #recordError(error: FirstwordError): void {
    ProviderError.hideSecrets(error, this.#requestSecrets());
    this.trace.error = error;
  }

  /** The keys of this request. The provider may echo them in an error, a header or a field. */
  #requestSecrets(): string[] {
    if (!this.#request) return [];
    this.#secrets ??= secretsIn(this.#request);
    return this.#secrets;
  }

  #clean(text: string): string {
    return withoutSecrets(text, this.#requestSecrets());
  }

  #guard(act: () => void): void {
    if (this.#settled) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #setDeadline(what: string, withinMs: number): void {
    this.#deadline.at(this.trace.marks.llmRequested! + withinMs, () => this.#onTimeout(what, withinMs));
  }

  #onTimeout(what: string, afterMs: number): void {
    const { provider } = this.trace;
    this.#fail(
      new ProviderError(
        'timeout',
        `${provider} sent no ${what} within ${afterMs} ms. Try again, add a backup model, or raise the timeout.`,
        { provider, retryable: true },
      ),
    );
  }

  /** Ends the request; false if it had ended already. */
  #settle(outcome: RequestTrace['outcome']): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.trace.outcome = outcome;
    this.#deadline.stop();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.onSettled?.(this);
    return true;
  }

  /** Closes the socket if it still carries this request, and opens a new connection for the next one. */
  #closeConnection(): void {
    this.#stop.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    if (!connection) return;
    connection.destroy();
    this.#endpoint.pool.rewarm();
  }
}

const isForReader = (signal: WireSignal): signal is ChatEvent =>
  signal.type !== 'providerTime' && signal.type !== 'served';
