import { FirstwordError } from '@firstword/turn';
import type { Dispatcher } from 'undici';
import type { ChatEvent } from '../chat.js';
import type { EncodedBody } from '../connection/encode.js';
import { connectionFailure, isClosedByServer } from '../connection/failure.js';
import type { Lane } from '../connection/lane.js';
import type { Lease } from '../connection/pool.js';
import type { ChatStream } from '../model.js';
import { ProviderError } from '../provider-error.js';
import { newTrace, type RequestTrace } from '../trace.js';
import { type ResponseHeaders, readHeaders } from '../wire/headers.js';
import type { WireSignal } from '../wire/wire.js';
import { Deadline } from './deadline.js';
import type { Endpoint } from './endpoint.js';
import { EventQueue } from './event-queue.js';
import { type ResponseBody, responseBody } from './response-body.js';

/** A connection whose server does not end the body this long after the last event is closed. */
const LINGER_MS = 1_000;

export interface HttpChatOptions {
  endpoint: Endpoint;
  body: EncodedBody | Promise<EncodedBody>;
  signal?: AbortSignal | undefined;
  /** Runs once, when the stream has ended in whatever way. */
  onSettled?: (chat: HttpChat) => void;
  /** May make an error more helpful before the reader sees it. */
  explain?: (error: FirstwordError) => Promise<FirstwordError> | FirstwordError;
}

/** One request over HTTP, from the first look for a connection to the last event. */
export class HttpChat implements ChatStream {
  readonly trace: RequestTrace;
  readonly #options: HttpChatOptions;
  readonly #endpoint: Endpoint;
  readonly #queue: EventQueue<ChatEvent>;
  readonly #deadline: Deadline;
  readonly #stop = new AbortController();
  #encoded: EncodedBody | undefined;
  #lane: Lane | undefined;
  #body: ResponseBody | undefined;
  #settled = false;

  constructor(options: HttpChatOptions) {
    const { endpoint, signal } = options;
    this.#options = options;
    this.#endpoint = endpoint;
    this.trace = newTrace({ provider: endpoint.provider.name, model: endpoint.model });
    this.trace.marks.llmRequested = endpoint.clock.nowMs();
    this.#queue = new EventQueue({ onLeave: () => this.cancel() });
    this.#deadline = new Deadline(endpoint.clock);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
    else this.#start();
  }

  [Symbol.asyncIterator](): AsyncIterator<ChatEvent> {
    return this.#queue;
  }

  cancel(): void {
    if (!this.#settle('cancelled')) return;
    this.#queue.drop();
    this.#hangUp();
  }

  readonly #onAbort = () => {
    if (!this.#settle('cancelled')) return;
    this.trace.error = new FirstwordError('aborted', 'the request was aborted by its signal');
    this.#queue.drop({ error: this.trace.error });
    this.#hangUp();
  };

  #start(): void {
    const { body } = this.#options;
    this.#expect('response headers', this.#endpoint.timeouts.headersMs);
    if (body instanceof Promise) body.then((encoded) => this.#connect(encoded), this.#fail);
    else this.#connect(body);
  }

  #connect(encoded: EncodedBody): void {
    if (this.#settled) return;
    this.#encoded = encoded;
    const { pool } = this.#endpoint;
    const idle = pool.takeIdle();
    if (idle) this.#send(idle);
    else pool.take({ signal: this.#stop.signal }).then((lease) => this.#send(lease), this.#fail);
  }

  #send({ lane, connection }: Lease): void {
    const { marks } = this.trace;
    if (this.#settled) {
      this.#endpoint.pool.release(lane);
      return;
    }
    this.#lane = lane;
    marks.connectionReady = this.#endpoint.clock.nowMs();
    this.trace.connection = connection;
    this.trace.requests += 1;
    const { provider, model, basePath } = this.#endpoint;
    const path = `${basePath}${provider.wire.path(model)}`;
    try {
      const { bytes, headers: encoding } = this.#encoded!;
      this.trace.bodyBytes = Buffer.byteLength(bytes);
      const headers = { ...this.#endpoint.headers(), ...encoding };
      lane.dispatch({ method: 'POST', path, headers, body: bytes }, this.#handler(lane));
    } catch (error) {
      this.#fail(error);
    }
  }

  #handler(lane: Lane): Dispatcher.DispatchHandler {
    const { clock, pool } = this.#endpoint;
    return {
      onRequestStart: () => {
        this.trace.marks.requestSent = clock.nowMs();
      },
      onResponseStart: (_controller, status, headers) => {
        if (status >= 200) this.#guard(() => this.#onHeaders(status, headers));
      },
      onResponseData: (_controller, chunk) => this.#guard(() => this.#body!.push(chunk, this.#apply)),
      onResponseEnd: () => {
        this.#lane = undefined;
        pool.release(lane);
        if (this.#settled) this.#deadline.stop();
        this.#guard(() => this.#body!.end(this.#apply));
      },
      onResponseError: (_controller, error) => {
        if (this.#lane === lane) this.#onBroken(lane, error);
      },
    };
  }

  #onHeaders(status: number, headers: ResponseHeaders): void {
    const { clock, timeouts } = this.#endpoint;
    this.trace.marks.responseHeaders = clock.nowMs();
    this.trace.status = status;
    readHeaders(this.trace, headers, clock.wallMs());
    this.#body = responseBody(this.#endpoint, { status, headers });
    this.#expect('first content', timeouts.firstContentMs);
  }

  /** The connection went away. A request that an idle connection swallowed is sent once more, on a new one. */
  #onBroken(lane: Lane, error: unknown): void {
    lane.destroy();
    this.#lane = undefined;
    const stale = this.trace.connection?.state === 'reused' && this.trace.requests === 1;
    if (!this.#settled && stale && !this.#body && isClosedByServer(error)) {
      const { signal } = this.#stop;
      this.#endpoint.pool.take({ signal, fresh: true }).then((lease) => this.#send(lease), this.#fail);
    } else if (!this.#settled && this.#body) {
      this.#fail(
        new ProviderError(
          'bad_stream',
          `The answer from ${this.trace.provider} was cut short: the connection closed before its end. Try again, ` +
            'or add a backup model.',
          { provider: this.trace.provider, retryable: true, cause: error },
        ),
      );
    } else this.#fail(error);
  }

  readonly #apply = (signals: WireSignal[]): void => {
    for (const signal of signals) {
      if (this.#settled) return;
      this.#note(signal);
      if (signal.type === 'end') this.#finish();
      else if (isForReader(signal)) this.#queue.push(signal);
    }
  };

  /** Marks and figures that a signal brings. */
  #note(signal: WireSignal): void {
    const { marks } = this.trace;
    const content = signal.type === 'text' || signal.type === 'toolCall' || signal.type === 'toolCallStarted';
    if (content || signal.type === 'reasoning') marks.firstDelta ??= this.#endpoint.clock.nowMs();
    if (signal.type === 'usage') this.trace.usage = { ...this.trace.usage, ...signal.usage };
    if (signal.type === 'providerTime') this.trace.providerTime = signal.providerTime;
    if (signal.type === 'served') Object.assign(this.trace, signal.served);
    if (!content) return;
    if (marks.firstContent === undefined) {
      marks.firstContent = this.#endpoint.clock.nowMs();
      const { stallMs } = this.#endpoint.timeouts;
      this.#deadline.quiet(stallMs, () => this.#late('the next part of the answer', stallMs));
    } else this.#deadline.touch();
  }

  #finish(): void {
    if (!this.#settle('finished')) return;
    this.#queue.end();
    if (this.#lane) this.#deadline.at(this.#endpoint.clock.nowMs() + LINGER_MS, () => this.#hangUp());
  }

  readonly #fail = (error: unknown): void => {
    const { provider, origin } = this.#endpoint;
    const failure = connectionFailure(error, { provider: provider.name, origin });
    if (!this.#settle('failed')) return;
    this.trace.error = failure;
    this.#hangUp();
    const explained = this.#options.explain?.(failure) ?? failure;
    if (!(explained instanceof Promise)) {
      this.#queue.fail(failure);
      return;
    }
    void explained.then((better) => {
      this.trace.error = better;
      this.#queue.fail(better);
    });
  };

  #guard(act: () => void): void {
    if (this.#settled) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #expect(what: string, withinMs: number): void {
    this.#deadline.at(this.trace.marks.llmRequested! + withinMs, () => this.#late(what, withinMs));
  }

  #late(what: string, afterMs: number): void {
    const { provider } = this.trace;
    this.#fail(
      new ProviderError(
        'timeout',
        `${provider} sent no ${what} within ${afterMs} ms. Try again, add a backup model, or raise the timeout.`,
        { provider, retryable: true },
      ),
    );
  }

  /** True the first time. */
  #settle(outcome: RequestTrace['outcome']): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.trace.outcome = outcome;
    this.#deadline.stop();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.onSettled?.(this);
    return true;
  }

  /** Closes the socket now if it still carries this request, and opens another for the next one. */
  #hangUp(): void {
    this.#stop.abort();
    const lane = this.#lane;
    this.#lane = undefined;
    if (!lane) return;
    lane.destroy();
    this.#endpoint.pool.rewarm();
  }
}

const isForReader = (signal: WireSignal): signal is ChatEvent =>
  signal.type !== 'toolCallStarted' && signal.type !== 'providerTime' && signal.type !== 'served';
