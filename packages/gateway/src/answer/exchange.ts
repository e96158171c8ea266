import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { ChatStream, RequestTrace } from '@firstword/llm';
import type { Clock } from '@firstword/turn';
import type { Route } from '../route.js';
import { serverTiming } from '../trace/server-timing.js';
import { answerTrace, traceText } from '../trace/trace-header.js';
import type { VoiceHeaders } from '../voice-headers/read.js';
import type { AnsweredRequest } from './answered.js';
import type { Dialect, DialectRequest } from './dialect.js';
import { failureOf, retryHeaders } from './failure.js';
import { refuseCancelled } from './refuse-cancelled.js';
import { sseComment } from './sse.js';

/** After this time without a byte a stream begins with a comment, and repeats it: clients give up on a silent connection, ms. */
const COMMENT_EVERY_MS = 4_000;

/** What one exchange needs. */
export interface AnswerExchangeOptions {
  id: string;
  clock: Clock;
  receivedMs: number;
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  dialect: Dialect;
  route: Route;
  request: DialectRequest;
  voice: VoiceHeaders;
  chat: ChatStream;
}

/** One answer on its way from the router to the client. */
export class AnswerExchange {
  readonly #options: AnswerExchangeOptions;
  readonly #response: ServerResponse;
  readonly #trace: RequestTrace;
  #answeredMs: number | undefined;
  #error: AnsweredRequest['error'];
  #left = false;
  /** Resolves a wait for the client to read on. */
  #onWritable: (() => void) | undefined;

  constructor(options: AnswerExchangeOptions) {
    this.#options = options;
    this.#response = options.response;
    this.#trace = options.chat.trace;
  }

  /** Passes the answer on, to its end. Never rejects. */
  async run(): Promise<AnsweredRequest> {
    const { chat, request } = this.#options;
    const onClose = () => {
      this.#left = !this.#response.writableFinished;
      chat.cancel();
      this.#onWritable?.();
    };
    this.#response.once('close', onClose);
    if (this.#response.destroyed) onClose();
    await (request.stream ? this.#stream() : this.#whole());
    return this.#answered();
  }

  async #stream(): Promise<void> {
    const { chat, dialect, request } = this.#options;
    const writer = dialect.writer(request, this.#trace);
    const stopComments = this.#commentWhileSilent();
    try {
      for await (const event of chat) {
        const text = writer.write(event);
        if (text === '') continue;
        if (this.#answeredMs === undefined) {
          stopComments();
          this.#begin();
        }
        if (!this.#response.write(text)) await this.#writable();
      }
      stopComments();
      if (this.#left) return;
      refuseCancelled(this.#trace);
      if (this.#answeredMs === undefined) this.#begin();
      this.#response.end(`${this.#traceComment()}${writer.end()}`);
    } catch (error) {
      stopComments();
      if (this.#left) return;
      if (!this.#response.headersSent) this.#fail(error);
      else {
        const failure = failureOf(error);
        this.#error = failure.code;
        this.#response.end(`${this.#traceComment()}${writer.error(failure)}`);
      }
    }
  }

  async #whole(): Promise<void> {
    const { chat, dialect, request } = this.#options;
    const collector = dialect.collector(request, this.#trace);
    try {
      for await (const event of chat) collector.add(event);
      if (this.#left) return;
      refuseCancelled(this.#trace);
      const body = JSON.stringify(collector.body());
      this.#answeredMs = this.#options.clock.nowMs();
      this.#response.writeHead(200, {
        ...this.#headers(),
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      this.#response.end(body);
    } catch (error) {
      if (!this.#left) this.#fail(error);
    }
  }

  #begin(): void {
    this.#answeredMs = this.#options.clock.nowMs();
    if (!this.#response.headersSent) this.#writeStreamHead();
  }

  #writeStreamHead(): void {
    this.#response.writeHead(200, {
      ...this.#headers(),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      // nginx would collect the answer otherwise.
      'x-accel-buffering': 'no',
    });
  }

  /** A stream that says nothing yet keeps its connection in use. From its first comment on, its status is 200. */
  #commentWhileSilent(): () => void {
    const { clock } = this.#options;
    let stop = () => {};
    const schedule = () => {
      stop = clock.schedule(COMMENT_EVERY_MS, () => {
        if (!this.#response.headersSent) this.#writeStreamHead();
        this.#response.write(sseComment('waiting for the first content'));
        schedule();
      });
    };
    schedule();
    return () => stop();
  }

  /** Settles when the client has read what was written, or has left. */
  #writable(): Promise<void> {
    if (this.#left || this.#response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onWritable = resolve;
      this.#response.once('drain', resolve);
    });
  }

  #fail(error: unknown): void {
    const { dialect, id } = this.#options;
    const failure = failureOf(error);
    this.#error = failure.code;
    const body = JSON.stringify(dialect.errorBody(failure));
    this.#answeredMs = this.#options.clock.nowMs();
    this.#response.writeHead(failure.status, {
      ...this.#headers(),
      ...retryHeaders(failure),
      [dialect.requestIdHeader]: id,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    this.#response.end(body);
  }

  #headers(): Record<string, string> {
    const { clock, receivedMs, dialect, id } = this.#options;
    const answeredMs = this.#answeredMs ?? clock.nowMs();
    return {
      [dialect.requestIdHeader]: id,
      'server-timing': serverTiming(this.#trace, { receivedMs, answeredMs }),
      'x-firstword-trace': this.#traceText(),
      ...(this.#trace.emulated ? { 'x-firstword-emulated': this.#trace.profile ?? 'true' } : {}),
    };
  }

  #traceText(): string {
    const { route, receivedMs } = this.#options;
    return traceText(answerTrace(this.#trace, { route: route.name, receivedMs }));
  }

  #traceComment(): string {
    return this.#options.voice.traceAtEnd ? sseComment(`x-firstword-trace ${this.#traceText()}`) : '';
  }

  #answered(): AnsweredRequest {
    const { id, clock, receivedMs, dialect, route, request, headers } = this.#options;
    const { traceparent } = headers;
    return {
      id,
      dialect: dialect.name,
      route: route.name,
      status: this.#response.headersSent ? this.#response.statusCode : undefined,
      outcome: this.#left ? 'cancelled' : this.#error === undefined ? 'finished' : 'failed',
      ...(this.#error === undefined ? {} : { error: this.#error }),
      stream: request.stream,
      trace: this.#trace,
      receivedMs,
      answeredMs: this.#answeredMs,
      endedMs: clock.nowMs(),
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    };
  }
}
