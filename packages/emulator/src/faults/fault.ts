/**
 * Ways in which a provider fails a caller. "Pieces" are streamed bits of content (about a token each); an unstreamed
 * body counts as one piece.
 */
export type Fault =
  /** Everything comes this much later. */
  | { kind: 'straggler'; delayMs: number }
  /** Everything takes this many times as long. */
  | { kind: 'slowdown'; factor: number }
  /** The request is accepted, and nothing ever comes. */
  | { kind: 'no-headers' }
  /** The connection breaks before any answer. */
  | { kind: 'hang-up' }
  /** Headers, then keep-alive comments without end. */
  | { kind: 'headers-then-comments'; everyMs?: number }
  /** Headers and the opening chunk (the role), then nothing. */
  | { kind: 'role-then-nothing' }
  /** Headers, then the end: not one event. */
  | { kind: 'empty-stream' }
  /** A well-formed stream that says nothing: opening and finish, no content. */
  | { kind: 'empty-answer' }
  /** Status 200, then an error written into the stream. */
  | { kind: 'error-frame'; message?: string }
  /** An error response, its body as the provider writes it. */
  | { kind: 'http-error'; status: number; message?: string }
  /** A 429; `retryAfterSeconds` left out means that it does not say when to come back. */
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  /** Content stops in the middle of a word; the connection stays open. */
  | { kind: 'stall'; afterPieces?: number }
  /** The connection is reset in the middle of a word. */
  | { kind: 'reset'; afterPieces?: number }
  /** The stream ends properly as HTTP, in the middle of the answer. */
  | { kind: 'cut-off'; afterPieces?: number }
  /** Random bytes, not UTF-8 and not an event, between two pieces. */
  | { kind: 'garbage'; afterPieces?: number; bytes?: number }
  /** One event whose line is this long. */
  | { kind: 'long-line'; bytes: number }
  /** The arguments of tool calls stop short of valid JSON. */
  | { kind: 'broken-tool-json' }
  /** Everything leaves a few bytes at a time. */
  | { kind: 'slow-drip'; bytes?: number; everyMs?: number }
  /** Status 200 and a web page, as a captive portal or a wrong base URL gives. */
  | { kind: 'html-page' };

export type FaultKind = Fault['kind'];

/** When a fault strikes. Every condition given must hold; a rule without any strikes every request it matches. */
export interface FaultRule {
  fault: Fault;
  /** Only requests played by this profile. */
  profile?: string;
  /** These matching requests, counted from 1. */
  nth?: readonly number[];
  /** Every n-th matching request. */
  every?: number;
  /** From this matching request on, counted from 1. */
  from?: number;
  /** Until this matching request, included. */
  until?: number;
  /** With this probability, 0 to 1, drawn from the plan's seed. */
  probability?: number;
}

/** Which faults strike which requests. The first rule that strikes wins. Plain data. */
export interface FaultPlan {
  rules: readonly FaultRule[];
  /** Default: the emulator's seed. */
  seed?: number;
}
