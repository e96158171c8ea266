import type { FirstwordError, TurnRecord } from '@firstword/turn';
import type { ChatMessage, Usage } from './chat.js';

/** The moments of one request, on the injected clock. `undefined` when not seen. */
export interface RequestMarks {
  llmRequested?: number;
  /** A connection was there to use; equals `llmRequested` (to the tick) when one was warm. */
  connectionReady?: number;
  requestSent?: number;
  responseHeaders?: number;
  /** First delta that carries something: reasoning, text or part of a tool call. A bare role chunk is not one. */
  firstDelta?: number;
  /** First text, or the first part of a tool call. */
  firstContent?: number;
}

export interface ConnectionTrace {
  /** What the request found: an open socket, a TLS session to resume, or nothing. */
  state: 'cold' | 'resumed' | 'reused';
  /** Time spent opening; absent on a reused connection, and `dnsMs` where the host is an address. */
  dnsMs?: number;
  tcpMs?: number;
  tlsMs?: number;
}

/** What the provider itself says about its time, ms. */
export interface ProviderTime {
  queueMs?: number;
  prefillMs?: number;
  totalMs?: number;
}

/** One limit as the provider's headers tell it. */
export interface Limit {
  remaining: number;
  limit?: number;
  /** Until the limit is full again, from the moment of the headers, ms. */
  resetMs?: number;
}

/** What broke a prefix that the last turn had left in the provider's cache. */
export interface PrefixBreak {
  /** The first thing that differs: `tools`, or a message by its number from 0. */
  at: 'tools' | { message: number; role: ChatMessage['role'] };
  what: 'changed' | 'removed' | 'inserted';
  /** For people, free of transcripts: what happened and how to mend it. */
  advice: string;
  /** Characters of the last prompt after the break: no longer cached, read again and paid again. */
  lostCharacters: number;
}

/** What a broken prefix cost, by what this provider has told so far. A figure that cannot be known yet is left out. */
export interface PrefixCost {
  /** Tokens that were in the provider's cache and had to be read again. */
  lostTokens?: number;
  /** What reading them took, at the rate at which this model reads prompts, ms. */
  costMs?: number;
}

export type RouteAttempt = NonNullable<NonNullable<TurnRecord['llm']>['attempts']>[number];

/** What is known of one request so far. It fills in while the request runs. */
export interface RequestTrace {
  provider: string;
  model: string;
  /** True when the provider emulator answered: say so wherever the figures are shown. */
  emulated: boolean;
  /** The emulator's profile. */
  profile?: string;
  marks: RequestMarks;
  connection?: ConnectionTrace;
  usage?: Usage;
  providerTime?: ProviderTime;
  /** What broke the prompt's cached prefix this time; known once the answer has been read. */
  prefixBreak?: PrefixBreak & PrefixCost;
  /** What is left of the rate limits. */
  headroom?: { requests?: number; tokens?: number };
  limits?: { requests?: Limit; tokens?: Limit };
  /** The provider's own name for the request: quote it in a support ticket. */
  requestId?: string;
  /** The service tier that served it, as the provider tells: not always the one asked for. */
  serviceTier?: string;
  /** Who answered behind a gateway (OpenRouter). */
  servedBy?: string;
  /** HTTP status. */
  status?: number;
  outcome: 'pending' | 'finished' | 'cancelled' | 'failed';
  error?: FirstwordError;
  /** HTTP requests sent for this answer. */
  requests: number;
  /** The request body as it went out, compressed where it was; of one request, where it was sent again. */
  bodyBytes?: number;
  /** What a router sent, in order. */
  attempts?: RouteAttempt[];
  /** What a router decided, and why, in order. */
  decisions?: RouteDecision[];
  /** What the requests that did not answer cost. An estimate: providers do not tell the usage of a cancelled request. */
  wasted?: { requests: number; promptTokens: number };
}

export interface RouteDecision {
  atMs: number;
  /** Short and free of transcripts: `hedge refused: budget`. */
  decision: string;
}

export function newTrace(options: { provider: string; model: string }): RequestTrace {
  const { provider, model } = options;
  return { provider, model, emulated: false, marks: {}, outcome: 'pending', requests: 0 };
}
