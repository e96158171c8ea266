import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ProviderTime, RequestTrace } from '../trace.js';

/** One server-sent event. */
export interface SseEvent {
  event?: string | undefined;
  data: string;
}

/** What one event of a response says: what the caller will read, and what only the trace wants to know. */
export type WireSignal =
  | ChatEvent
  /** The first part of a tool call: content is under way, though the call is not yet whole. */
  | { type: 'toolCallStarted' }
  | { type: 'providerTime'; providerTime: ProviderTime }
  /** Who served the request, and how. */
  | { type: 'served'; served: Pick<RequestTrace, 'serviceTier' | 'servedBy'> }
  /** Nothing more will come. */
  | { type: 'end' };

/**
 * Reads one response. Pure: state in, signals out.
 * `read` and `end` throw FirstwordError `bad_stream`, or the error that an error frame stands for.
 */
export interface WireReader {
  read(event: SseEvent): WireSignal[];
  /** The body ended: what was still held back, or an error if the answer was cut short. */
  end(): WireSignal[];
}

/** A provider's language: how a request is written and a response is read. */
export interface Wire {
  /** Path of a chat request below the base URL. */
  path(model: string): string;
  body(model: string, request: ChatRequest): Record<string, unknown>;
  reader(context: { provider: string }): WireReader;
  /** A whole, unstreamed answer as signals; `undefined` if this is not one. */
  readNonStreaming(json: unknown, context: { provider: string }): WireSignal[] | undefined;
  /** Path that lists models, and how its answer reads. */
  modelsPath: string;
  modelNames(json: unknown): string[];
}
