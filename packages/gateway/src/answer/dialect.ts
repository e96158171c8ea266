import type { ChatEvent, ChatRequest, RequestTrace } from '@firstword/llm';
import type { RequestFailure } from './failure.js';

/** What the gateway reads from a client's request. */
export interface DialectRequest {
  /** The model name that the client asks for: the name of a route. */
  model: string;
  /** Whether the answer is a stream of server-sent events. */
  stream: boolean;
  /** The request for the router, with the client's own body in `raw`. */
  chat: ChatRequest;
}

/** Writes a streaming answer, as text of server-sent events. */
export interface AnswerWriter {
  /** The text for one event; empty if it adds nothing. A frame is passed on as received. */
  write(event: ChatEvent): string;
  /** The text that ends a complete answer. */
  end(): string;
  /** The text that ends an answer that failed after its beginning: an error event that the clients' SDKs raise. */
  error(failure: RequestFailure): string;
}

/** Collects an answer for a client that does not stream. */
export interface AnswerCollector {
  /** Adds one event. */
  add(event: ChatEvent): void;
  /** The whole answer, as JSON. */
  body(): object;
}

/** An API that clients speak: how its requests are read, and its answers and errors written. */
export interface Dialect<R extends DialectRequest = DialectRequest> {
  /** Short name for traces and metrics, such as `openai-chat`. */
  readonly name: string;
  /** Paths of its chat endpoint. */
  readonly paths: readonly string[];
  /** Response header with the id of the request, as the clients' SDKs read it. */
  readonly requestIdHeader: string;
  /**
   * Reads a request body.
   * @throws FirstwordError `bad_input` that names the field
   */
  read(body: unknown): R;
  /** The writer of one streaming answer. `trace` fills in while it runs. */
  writer(request: R, trace: RequestTrace): AnswerWriter;
  /** The collector of one whole answer. */
  collector(request: R, trace: RequestTrace): AnswerCollector;
  /** The JSON of an error response. */
  errorBody(failure: RequestFailure): object;
}
