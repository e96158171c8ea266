import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, ChatRequest, Usage } from '../chat/chat.js';
import type { RequestProblem } from '../chat/problem.js';
import type { BeatEncoder } from '../play/player.js';
import type { FinishReason } from '../play/score.js';
import type { Profile } from '../profiles/profiles.js';
import type { Fields } from './fields.js';

/** The request line, split, as wires look at it. */
export interface Target {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
}

/** What a wire needs to know to write one response. */
export interface ReplyContext {
  id: string;
  /** Unix seconds. */
  created: number;
  request: ChatRequest;
  profile: Profile;
  usage: Usage;
  /** What the provider would say about its own time, ms. */
  providerTime: ProviderTime;
}

/** What response headers tell of. */
export interface HeaderInfo {
  requestId: string;
  profile: Profile;
  /** From the request's arrival to the response's headers, ms. */
  processingMs: number;
}

/** A provider's own account of a request, ms. */
export interface ProviderTime {
  queueMs: number;
  promptMs: number;
  completionMs: number;
}

/** One provider's wire format: how a request is read, and how answers and errors are written. Adding one is one file. */
export interface Wire {
  readonly name: string;
  /** Is this request a chat request of this format? */
  matches(target: Target): boolean;
  /** Is this request for the list of models, or one of them, in this format? */
  listsModels(target: Target, headers: IncomingHttpHeaders): boolean;
  /** One model, as this provider describes it. */
  modelEntry(id: string, profile: Profile, created: number): Fields;
  modelList(entries: Fields[]): Fields;
  /** @throws RequestProblem for a body that the provider would refuse. */
  readRequest(body: unknown, target: Target): ChatRequest;
  /** The key as this provider's clients send it. */
  readKey(headers: IncomingHttpHeaders, target: Target): string | undefined;
  /** Headers that this provider puts on every response. */
  headers(info: HeaderInfo): Record<string, string>;
  /** Encodes one streamed response; encoders keep state, so each response has its own. */
  encoder(context: ReplyContext): BeatEncoder;
  /** The body of an unstreamed response. */
  complete(context: ReplyContext, answer: Answer, reasoning: string, reason: FinishReason): Fields;
  /** The body of an error response, as this provider writes it. */
  errorBody(problem: RequestProblem, profile: Profile | undefined): Fields;
  /** An error frame in a stream that has begun. */
  errorFrame(message: string, profile: Profile): string;
}
