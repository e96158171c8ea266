import type { FirstwordError, TurnRecord } from '@firstword/turn';
import type { ChatMessage, Usage } from './chat.js';

/** Timestamps of one request on the injected clock, ms. `undefined` if the event was not seen. */
export interface RequestMarks {
  /** `chat()` was called. */
  llmRequested?: number;
  /** A connection was available; equals `llmRequested` (to the tick) when one was warm. */
  connectionReady?: number;
  /** undici started to write the request. */
  requestSent?: number;
  /** The response headers arrived. */
  responseHeaders?: number;
  /** First delta with a payload: reasoning, text or part of a tool call. A delta with only a role does not count. */
  firstDelta?: number;
  /** First text, or the first part of a tool call. */
  firstContent?: number;
}

/** How the connection of a request was obtained. */
export interface ConnectionTrace {
  /**
   * `reused`: an open connection. `resumed`: a new connection that resumed a TLS session. `cold`: a new connection.
   */
  state: 'cold' | 'resumed' | 'reused';
  /**
   * Time spent opening the connection, ms. All absent on a reused connection; `dnsMs` also where the host is an IP
   * address.
   */
  dnsMs?: number;
  tcpMs?: number;
  tlsMs?: number;
}

/** Processing times that the provider itself reports, ms. */
export interface ProviderTime {
  /** Time in the provider's queue, ms. */
  queueMs?: number;
  /** Time spent processing the prompt, ms. */
  prefillMs?: number;
  /** Total processing time, ms. */
  totalMs?: number;
}

/** One rate limit, as the provider's response headers report it. */
export interface Limit {
  /** Requests or tokens left. */
  remaining: number;
  /** Size of the limit. */
  limit?: number;
  /** Time until the limit is full again, counted from the response headers, ms. */
  resetMs?: number;
}

/**
 * The first difference between two prompts of a conversation: from there on, the provider's prompt cache cannot be
 * used.
 */
export interface PrefixBreak {
  /** Where the prompts first differ: `tools`, or a message, by its index from 0. */
  at: 'tools' | { message: number; role: ChatMessage['role'] };
  what: 'changed' | 'removed' | 'inserted';
  /** What happened and how to fix it, in plain words. Never quotes the conversation. */
  advice: string;
  /**
   * Characters of the previous prompt after the break. They are no longer cached, so they are processed and billed
   * again.
   */
  lostCharacters: number;
}

/**
 * Cost of a broken prefix, computed from what this provider has reported so far. A value that is not known yet is
 * left out.
 */
export interface PrefixCost {
  /** Tokens that were in the provider's cache and had to be processed again. */
  lostTokens?: number;
  /** Time spent on those tokens, at this model's measured prefill rate, ms. */
  costMs?: number;
}

/** One request that a router sent for an answer, as the turn record stores it. */
export type RouteAttempt = NonNullable<NonNullable<TurnRecord['llm']>['attempts']>[number];

/** Everything known about one request. Fields are filled in while the request runs. */
export interface RequestTrace {
  provider: string;
  model: string;
  /** True when the provider emulator answered. Show this wherever the numbers are shown. */
  emulated: boolean;
  /** The emulator profile that answered. */
  profile?: string;
  marks: RequestMarks;
  connection?: ConnectionTrace;
  usage?: Usage;
  providerTime?: ProviderTime;
  /** What broke the cached prefix of this prompt, if anything. Set once the answer has been read. */
  prefixBreak?: PrefixBreak & PrefixCost;
  /** Requests and tokens left in the current rate-limit windows. */
  headroom?: { requests?: number; tokens?: number };
  limits?: { requests?: Limit; tokens?: Limit };
  /** The provider's id for the request. Quote it in a support ticket. */
  requestId?: string;
  /** The service tier that the provider reports; it may differ from the requested one. */
  serviceTier?: string;
  /** The provider that answered behind a gateway (OpenRouter). */
  servedBy?: string;
  /** HTTP status. */
  status?: number;
  /** How the request ended; `pending` while it runs. */
  outcome: 'pending' | 'finished' | 'cancelled' | 'failed';
  error?: FirstwordError;
  /** Number of HTTP requests sent for this answer. */
  requests: number;
  /** Size of one request body as sent, after compression, bytes. */
  bodyBytes?: number;
  /** The requests that a router sent, in order. */
  attempts?: RouteAttempt[];
  /** The decisions that a router made, in order. */
  decisions?: RouteDecision[];
  /**
   * Requests whose answers were not used, and their prompt tokens. An estimate: providers do not report the usage of
   * a cancelled request.
   */
  wasted?: { requests: number; promptTokens: number };
}

/** One decision of a router. */
export interface RouteDecision {
  /** When it was made, on the injected clock, ms. */
  atMs: number;
  /** Short text without any of the conversation, such as `hedge refused: budget`. */
  decision: string;
}

/** The trace of a request that has just started: outcome `pending`, nothing measured. */
export function newTrace(options: { provider: string; model: string }): RequestTrace {
  const { provider, model } = options;
  return { provider, model, emulated: false, marks: {}, outcome: 'pending', requests: 0 };
}
