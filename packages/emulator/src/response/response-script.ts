import type { EmulatedAnswer, EmulatedToolCall, EmulatedUsage } from '../chat/chat.js';
import { toPieces } from '../chat/tokens.js';

/**
 * One event of a response and its time, ms from the arrival of the request. A response is a list of these: faults
 * rewrite the list, encoders turn it into a provider's wire format, and the player writes it to the socket.
 */
export type ScriptEvent = { atMs: number } & ScriptAction;

/** What happens at an event. */
export type ScriptAction =
  | { kind: 'headers' }
  /** The start of the stream, without content: a role chunk or `message_start`. */
  | { kind: 'open' }
  | { kind: 'reasoning'; text: string }
  | { kind: 'text'; text: string }
  /** The start of a tool call: its id and name. */
  | { kind: 'tool'; index: number; call: EmulatedToolCall }
  /** A part of the JSON arguments of the tool call started last. */
  | { kind: 'arguments'; index: number; json: string }
  | { kind: 'finish'; reason: FinishReason; usage: EmulatedUsage }
  /** An error in a stream that has started. */
  | { kind: 'error'; message: string }
  /** Bytes that are written unencoded. */
  | { kind: 'raw'; bytes: string | Uint8Array }
  /** SSE keep-alive comments, repeated until the client disconnects. */
  | { kind: 'comments'; everyMs: number }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** The response ends normally. Without it the response stays open until the client disconnects. */
  | { kind: 'end' };

/** Why the reply ended: it was complete, reached the token limit, or called tools. */
export type FinishReason = 'stop' | 'length' | 'tools';

/** A whole response: status, headers, and events in time order. */
export interface ResponseScript {
  status: number;
  contentType: string;
  headers: Record<string, string>;
  events: ScriptEvent[];
  /** Send at most this many bytes per interval, whatever the event times are. */
  drip?: { bytes: number; everyMs: number };
}

/** When the parts of a response are sent, ms from the arrival of the request. */
export interface ResponseTiming {
  headersMs: number;
  firstDeltaMs: number;
  firstContentMs: number;
  tokensPerSecond: number;
}

/**
 * The fraction of the TTFT at which the headers are sent, before the first content. An assumption: no measurement was
 * published.
 */
export const HEADERS_SHARE = 0.8;
/** The fraction of the TTFT at which the first delta (the role chunk) is sent. An assumption, as above. */
export const FIRST_DELTA_SHARE = 0.9;

/** The timing of a response. `reasoningMs` is the part of the TTFT spent on reasoning after the first delta. */
export function responseTiming(ttftMs: number, tokensPerSecond: number, reasoningMs = 0): ResponseTiming {
  const withoutReasoningMs = ttftMs - reasoningMs;
  return {
    headersMs: withoutReasoningMs * HEADERS_SHARE,
    firstDeltaMs: withoutReasoningMs * FIRST_DELTA_SHARE,
    firstContentMs: ttftMs,
    tokensPerSecond,
  };
}

function reasoningEvents(reasoning: string, timing: ResponseTiming): ScriptEvent[] {
  const pieces = toPieces(reasoning);
  const spanMs = timing.firstContentMs - timing.firstDeltaMs;
  return pieces.map((text, i) => ({
    kind: 'reasoning',
    text,
    atMs: timing.firstDeltaMs + (spanMs * i) / pieces.length,
  }));
}

/** The events of a streamed reply: the first content at the TTFT, the rest at the profile's tokens per second. */
export function streamEvents(options: {
  answer: EmulatedAnswer;
  reasoning: string;
  timing: ResponseTiming;
  finishReason: FinishReason;
  usage: EmulatedUsage;
}): ScriptEvent[] {
  const { answer, timing } = options;
  const actions: ScriptAction[] = toPieces(answer.text).map((text) => ({ kind: 'text', text }));
  answer.toolCalls.forEach((call, index) => {
    actions.push({ kind: 'tool', index, call });
    for (const json of toPieces(call.arguments)) actions.push({ kind: 'arguments', index, json });
  });
  const atToken = (index: number) => timing.firstContentMs + (index * 1000) / timing.tokensPerSecond;
  const endMs = atToken(actions.length);
  return [
    { kind: 'headers', atMs: timing.headersMs },
    { kind: 'open', atMs: timing.firstDeltaMs },
    ...reasoningEvents(options.reasoning, timing),
    ...actions.map((action, index) => ({ ...action, atMs: atToken(index) })),
    { kind: 'finish', reason: options.finishReason, usage: options.usage, atMs: endMs },
    { kind: 'end', atMs: endMs },
  ];
}

/** The events of a response whose body is sent at once. */
export function bodyEvents(body: string, atMs: number): ScriptEvent[] {
  return [
    { kind: 'headers', atMs },
    { kind: 'raw', bytes: body, atMs },
    { kind: 'end', atMs },
  ];
}

/** The time at which the last token of an unstreamed reply is ready, ms. */
export function completeAtMs(outputTokens: number, timing: ResponseTiming): number {
  return timing.firstContentMs + (Math.max(0, outputTokens - 1) * 1000) / timing.tokensPerSecond;
}

/** The events, delayed by `byMs`. */
export function delayed(events: ScriptEvent[], byMs: number): ScriptEvent[] {
  return byMs === 0 ? events : events.map((event) => ({ ...event, atMs: event.atMs + byMs }));
}
