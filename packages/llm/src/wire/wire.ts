import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ProviderTime, RequestTrace } from '../trace.js';

/** One server-sent event. */
export interface SseEvent {
  event?: string | undefined;
  data: string;
}

/** What one event of a response means: events for the reader, and data for the trace only. */
export type WireSignal =
  | ChatEvent
  | { type: 'providerTime'; providerTime: ProviderTime }
  /** The service tier and the provider that served the request. */
  | { type: 'served'; served: Pick<RequestTrace, 'serviceTier' | 'servedBy'> }
  /** The answer is complete. */
  | { type: 'end' };

/**
 * Reads one response, without side effects. `read` and `end` throw FirstwordError `bad_stream`, or the error of an
 * error frame.
 */
export interface WireReader {
  read(event: SseEvent): WireSignal[];
  /** The body has ended: returns what was still held back, or throws if the answer is incomplete. */
  end(): WireSignal[];
}

/** What the reader of a response needs to know. */
export interface ReaderContext {
  /** The provider's name, for errors. */
  provider: string;
  /** Ids of the tool calls in the conversation; a new call never gets one of them. Default none. */
  callIds?: Iterable<string> | undefined;
}

/** A provider's wire format: how to write a request and read a response. */
export interface Wire {
  /**
   * Name of the format. A `ChatRequest.raw` of the same name is sent as it is, and the answer consists of frames. Default
   * none: every request is converted.
   */
  name?: string;
  /** The body of a streaming request, from a body that a client wrote in this format. Needed with `name`. */
  rawBody?(model: string, body: Record<string, unknown>): Record<string, unknown>;
  /** Path of a chat request, below the base URL. */
  path(model: string): string;
  /** The body of a streaming chat request. */
  body(model: string, request: ChatRequest): Record<string, unknown>;
  /** A reader for one response. */
  reader(context: ReaderContext): WireReader;
  /** The signals of a non-streaming answer; `undefined` if this is not one. */
  readNonStreaming(json: unknown, context: ReaderContext): WireSignal[] | undefined;
  /** Path of the list of models, below the base URL. */
  modelsPath: string;
  /** The model names in that list. */
  modelNames(json: unknown): string[];
}
