import type { IncomingHttpHeaders } from 'node:http';
import type { ChatStream } from '@firstword/llm';
import type { RawData, WebSocket } from 'ws';
import type { AnsweredRequest } from '../answer/answered.js';
import { failureOf, GatewayError, type RequestFailure } from '../answer/failure.js';
import { fieldsOf, isFields, type JsonFields } from '../answer/fields.js';
import { refuseCancelled } from '../answer/refuse-cancelled.js';
import { openAiError } from '../openai-chat/error.js';
import { type BegunChat, beginChat } from '../server/begin-chat.js';
import type { GatewayState } from '../server/state.js';
import { answerTrace } from '../trace/trace-header.js';
import type { ConversationStore } from './conversation-store.js';
import { type OpenAiResponsesRequest, readOpenAiResponses } from './read.js';
import type { ResponseEvent } from './response-events.js';
import { ResponsesAnswer } from './responses-answer.js';

/** Requests of one socket that may wait for the one before; clients send one at a time. */
const MAX_WAITING = 32;
/** Text that may wait in the socket before the answer is read on, bytes. */
const MAX_BUFFERED = 256 * 1024;

/** Options of a `SocketSession`. */
export interface SocketSessionOptions {
  socket: WebSocket;
  state: GatewayState;
  conversations: ConversationStore;
  /** Headers of the upgrade request. */
  headers: IncomingHttpHeaders;
  /** `model` of the URL, for requests without one. */
  model: string | undefined;
  /** Address of the client. */
  client: string;
}

/** One request of the socket, under way or refused. */
interface Turn {
  id: string;
  receivedMs: number;
  begun?: { request: OpenAiResponsesRequest; chat: BegunChat; leave: () => void };
  refused?: unknown;
}

/**
 * One WebSocket of the Responses API. Each `response.create` starts its answer at once; the answers are written one after the
 * other, in the order of the requests, because clients assign events to requests by their order.
 */
export class SocketSession {
  readonly #options: SocketSessionOptions;
  readonly #waiting: Turn[] = [];
  #isWriting = false;
  #isClosing = false;

  constructor(options: SocketSessionOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => this.#cancel());
    // 'close' follows.
    socket.on('error', () => {});
  }

  /** Closes the socket as soon as no answer is under way: the gateway stops. */
  drain(): void {
    this.#isClosing = true;
    if (!this.#isWriting) this.#options.socket.close(1001, 'the gateway is stopping');
  }

  #receive(data: RawData, isBinary: boolean): void {
    const { clock } = this.#options.state;
    const turn: Turn = { id: `fw-${crypto.randomUUID()}`, receivedMs: clock.nowMs() };
    try {
      this.#begin(turn, isBinary ? undefined : String(data));
    } catch (error) {
      turn.refused = error;
    }
    this.#waiting.push(turn);
    if (!this.#isWriting) void this.#writeAll();
  }

  #begin(turn: Turn, text: string | undefined): void {
    const { state, conversations, headers, model, client } = this.#options;
    if (this.#isClosing) throw STOPPING;
    if (this.#waiting.length >= MAX_WAITING)
      throw new GatewayError(429, 'too many requests wait on this WebSocket', { code: 'rate_limited' });
    const { type, ...body } = fieldsOf(parse(text), 'a message');
    if (type !== 'response.create')
      throw new GatewayError(
        400,
        `the gateway takes no messages of the type ${String(type).slice(0, 40)}: send response.create`,
      );
    const request = readOpenAiResponses({ model, ...body }, conversations);
    const leave = state.concurrency.enter(client);
    try {
      const chat = beginChat(state, { request, headers: { ...headers, ...voiceFields(body) } });
      turn.begun = { request, chat, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (let turn = this.#waiting[0]; turn; turn = this.#waiting[0]) {
      if (turn.begun) await this.#writeAnswer(turn, turn.begun);
      else await this.#refuse(turn);
      this.#waiting.shift();
    }
    this.#isWriting = false;
    if (this.#isClosing) this.drain();
  }

  async #refuse(turn: Turn): Promise<void> {
    const failure = failureOf(turn.refused);
    const { state, headers } = this.#options;
    const endedMs = state.clock.nowMs();
    await this.#send(errorEvent(failure, turn.refused === STOPPING));
    state.onAnswered({
      ...this.#common(turn, headers),
      route: undefined,
      status: failure.status,
      outcome: 'failed',
      error: failure.code,
      trace: undefined,
      answeredMs: endedMs,
      endedMs,
    });
  }

  async #writeAnswer(turn: Turn, begun: NonNullable<Turn['begun']>): Promise<void> {
    const { state, conversations, headers } = this.#options;
    const { request, chat, leave } = begun;
    const { trace } = chat.stream;
    const answer = new ResponsesAnswer({ request, trace, conversations });
    let answeredMs: number | undefined;
    let failure: RequestFailure | undefined;
    const write = async (events: readonly ResponseEvent[]) => {
      if (events.length > 0) answeredMs ??= state.clock.nowMs();
      for (const event of events) await this.#send(event);
    };
    try {
      await this.#pass(chat.stream, answer, write);
      // Of an answer that was left, nothing is stored.
      if (!this.#isGone) {
        refuseCancelled(trace);
        await write(this.#traced(answer.end(), turn, chat));
      }
    } catch (error) {
      failure = failureOf(error);
      if (answeredMs === undefined) await this.#send(errorEvent(failure, false));
      else await write(this.#traced(answer.fail(failure), turn, chat));
    }
    chat.end();
    leave();
    const left = this.#isGone;
    state.onAnswered({
      ...this.#common(turn, headers),
      route: chat.route.name,
      status: answeredMs === undefined ? failure?.status : 200,
      outcome: left ? 'cancelled' : failure ? 'failed' : 'finished',
      ...(failure && !left ? { error: failure.code } : {}),
      trace,
      answeredMs,
      endedMs: state.clock.nowMs(),
    });
  }

  async #pass(
    stream: ChatStream,
    answer: ResponsesAnswer,
    write: (events: readonly ResponseEvent[]) => Promise<void>,
  ): Promise<void> {
    for await (const event of stream) await write(answer.add(event));
  }

  /** The last event also says how the answer came about: a WebSocket has no headers for it. */
  #traced(events: ResponseEvent[], turn: Turn, { route, stream }: BegunChat): ResponseEvent[] {
    const trace = answerTrace(stream.trace, { route: route.name, receivedMs: turn.receivedMs });
    return events.map((event, at) => (at === events.length - 1 ? { ...event, firstword: trace } : event));
  }

  #common(
    turn: Turn,
    headers: IncomingHttpHeaders,
  ): Pick<AnsweredRequest, 'id' | 'dialect' | 'stream' | 'receivedMs' | 'traceparent'> {
    const { traceparent } = headers;
    return {
      id: turn.id,
      dialect: 'openai-responses',
      stream: true,
      receivedMs: turn.receivedMs,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    };
  }

  get #isGone(): boolean {
    return this.#options.socket.readyState !== this.#options.socket.OPEN;
  }

  /** Settles when the client has read enough of what was sent. */
  #send(message: object): Promise<void> {
    const { socket } = this.#options;
    if (this.#isGone) return Promise.resolve();
    const text = JSON.stringify(message);
    if (socket.bufferedAmount < MAX_BUFFERED) {
      socket.send(text);
      return Promise.resolve();
    }
    return new Promise((resolve) => socket.send(text, () => resolve()));
  }

  /** The client has left: its answers are cancelled, with their sockets. */
  #cancel(): void {
    this.#isClosing = true;
    for (const { begun } of this.#waiting) begun?.chat.stream.cancel();
  }
}

const STOPPING = new GatewayError(503, 'this gateway is stopping: connect again', {
  code: 'provider_unavailable',
  retryable: true,
});

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new GatewayError(400, 'a message must be JSON text');
  }
}

/** A WebSocket has headers once. What a voice agent says about one request is in its metadata, under the same names. */
function voiceFields({ metadata }: JsonFields): Record<string, string> {
  if (!isFields(metadata)) return {};
  const own = Object.entries(metadata).filter(
    ([name, value]) => name.startsWith('x-firstword-') && typeof value === 'string',
  );
  return Object.fromEntries(own) as Record<string, string>;
}

/** An error before an answer has begun. */
function errorEvent(failure: RequestFailure, isStopping: boolean): object {
  const { error } = openAiError(failure) as { error: JsonFields };
  // The code at which LiveKit's plugin opens another connection and tries again.
  const code = isStopping ? 'websocket_connection_limit_reached' : error.code;
  // Without nulls: LiveKit's plugin for Node ignores an error event that has one, and waits on.
  const given = Object.entries({ ...error, code }).filter(([, value]) => value !== null);
  return { type: 'error', status: failure.status, error: Object.fromEntries(given) };
}
