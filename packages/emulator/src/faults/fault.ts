/**
 * The faults that the emulator can simulate. A "piece" is a streamed part of the content (about one token); an unstreamed
 * body counts as one piece. `afterPieces` defaults to 2.
 */
export type Fault =
  /** The whole response is delayed by `delayMs`. */
  | { kind: 'straggler'; delayMs: number }
  /** The whole response takes `factor` times as long. */
  | { kind: 'slowdown'; factor: number }
  /** The request is accepted, but no response follows. */
  | { kind: 'no-headers' }
  /** The connection is reset before any response. */
  | { kind: 'hang-up' }
  /** Headers, then SSE keep-alive comments every `everyMs` (default 1,000 ms) without end. */
  | { kind: 'headers-then-comments'; everyMs?: number }
  /** Headers and the opening chunk (the role), then nothing more. */
  | { kind: 'role-then-nothing' }
  /** Headers, then the end of the stream without a single event. */
  | { kind: 'empty-stream' }
  /** A well-formed stream without content: opening chunk and finish reason only. */
  | { kind: 'empty-answer' }
  /** Status 200, then an error frame in the stream. */
  | { kind: 'error-frame'; message?: string }
  /** An error response with the provider's body; `status` from 400 to 599. */
  | { kind: 'http-error'; status: number; message?: string }
  /** A 429, with a `retry-after` header only if `retryAfterSeconds` is given. */
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  /** The content stops in the middle of a word; the connection stays open. */
  | { kind: 'stall'; afterPieces?: number }
  /** The connection is reset in the middle of a word. */
  | { kind: 'reset'; afterPieces?: number }
  /** The HTTP response ends normally, but in the middle of a word. */
  | { kind: 'cut-off'; afterPieces?: number }
  /** `bytes` (default 64) random bytes between two pieces, neither UTF-8 nor an event. */
  | { kind: 'garbage'; afterPieces?: number; bytes?: number }
  /** One event with a line of `bytes` bytes. */
  | { kind: 'long-line'; bytes: number }
  /** The last part of the tool-call arguments is missing, so that they are not valid JSON. */
  | { kind: 'broken-tool-json' }
  /** The response is sent `bytes` (default 1) at a time, every `everyMs` (default 20 ms). */
  | { kind: 'slow-drip'; bytes?: number; everyMs?: number }
  /** Status 200 with a web page, such as a captive portal or a wrong base URL returns. */
  | { kind: 'html-page' };

/** The names of the faults. */
export type FaultKind = Fault['kind'];

/**
 * Selects the events to which a rule applies. All given conditions must hold; a rule without conditions applies to all.
 */
export interface RuleConditions {
  /** Numbers of the events, counted from 1. */
  nth?: readonly number[];
  /** Every n-th event. */
  every?: number;
  /** Number of the first event, counted from 1. */
  from?: number;
  /** Number of the last event, inclusive. */
  until?: number;
  /** Probability, 0 to 1, drawn with the plan's seed. */
  probability?: number;
}

/** When a fault applies. The conditions count only the requests of `profile`. */
export interface FaultRule extends RuleConditions {
  /** The fault to apply. */
  fault: Fault;
  /** Only requests to this profile. Default: all. */
  profile?: string;
}

/** Which faults apply to which requests. The first rule that applies wins. Plain data. */
export interface FaultPlan {
  /** The rules, in order of precedence. */
  rules: readonly FaultRule[];
  /** Seed of `probability` and of random bytes. Default: the emulator's seed. */
  seed?: number;
}
