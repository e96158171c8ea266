import type { IncomingHttpHeaders } from 'node:http';
import type { EmulatedAnswer, EmulatedRequest, EmulatedUsage } from '../chat/chat.js';
import type { RequestError } from '../chat/request-error.js';
import type { Profile } from '../profiles/profiles.js';
import type { FinishReason } from '../response/response-script.js';
import type { EventEncoder } from '../response/script-player.js';
import type { Fields } from './fields.js';

/** The parsed request line. */
export interface RequestTarget {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
}

/** What a wire format needs to write one response. */
export interface ReplyContext {
  /** Unique id of the request. */
  id: string;
  /** Creation time, Unix seconds. */
  created: number;
  request: EmulatedRequest;
  profile: Profile;
  usage: EmulatedUsage;
  /** The timings that the provider reports about the request. */
  reportedTimings: ReportedTimings;
}

/** What response headers can report. */
export interface HeaderInfo {
  requestId: string;
  profile: Profile;
  /** Time from the arrival of the request to the response headers, ms. */
  processingMs: number;
}

/** The timings that a provider reports about a request, ms. */
export interface ReportedTimings {
  queueMs: number;
  promptMs: number;
  completionMs: number;
}

/**
 * One provider's wire format: reads requests and writes responses and errors. A new format is one file here and one entry
 * in server/routes.ts.
 */
export interface WireFormat {
  /** The name of the format. */
  readonly name: string;
  /** Whether this is a chat request in this format. */
  matches(target: RequestTarget): boolean;
  /** Whether this is a request for the model list, or for one model, in this format. */
  listsModels(target: RequestTarget, headers: IncomingHttpHeaders): boolean;
  /** One entry of the model list, in this provider's format. */
  modelEntry(id: string, profile: Profile, created: number): Fields;
  /** The model list, in this provider's format. */
  modelList(entries: Fields[]): Fields;
  /** Reads a request body. @throws RequestError for a body that the provider would reject */
  readRequest(body: unknown, target: RequestTarget): EmulatedRequest;
  /** The API key, where this provider's clients send it. */
  readKey(headers: IncomingHttpHeaders, target: RequestTarget): string | undefined;
  /** The headers that this provider adds to every response. */
  headers(info: HeaderInfo): Record<string, string>;
  /** An encoder for one streamed response. Encoders hold state, so each response needs its own. */
  encoder(context: ReplyContext): EventEncoder;
  /** The body of an unstreamed response. */
  complete(context: ReplyContext, answer: EmulatedAnswer, reasoning: string, reason: FinishReason): Fields;
  /** The body of an error response, in this provider's format. */
  errorBody(error: RequestError, profile: Profile | undefined): Fields;
  /** An error frame for a stream that has already started. */
  errorFrame(message: string, profile: Profile): string;
}
