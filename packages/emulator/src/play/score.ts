import type { Answer, ToolCall, Usage } from '../chat/chat.js';
import { toPieces } from '../chat/tokens.js';

/**
 * One thing that happens on the response, and when (ms from the arrival of the request). A response is a list of
 * these: faults rewrite the list, encoders give it a provider's accent, the player plays it.
 */
export type Beat = { atMs: number } & BeatAction;

export type BeatAction =
  | { kind: 'headers' }
  /** The stream's opening, with no content in it: a role chunk, `message_start`. */
  | { kind: 'open' }
  | { kind: 'reasoning'; text: string }
  | { kind: 'text'; text: string }
  /** A tool call begins: its id and name. */
  | { kind: 'tool'; index: number; call: ToolCall }
  /** A part of the argument JSON of the call that began last. */
  | { kind: 'arguments'; index: number; json: string }
  | { kind: 'finish'; reason: FinishReason; usage: Usage }
  /** An error written into a stream that has begun. */
  | { kind: 'error'; message: string }
  /** Bytes as they are. */
  | { kind: 'raw'; bytes: string | Uint8Array }
  /** Keep-alive comments, again and again until the client leaves. */
  | { kind: 'comments'; everyMs: number }
  /** The connection is torn down. */
  | { kind: 'reset' }
  /** The response ends properly. Without it the response stays open until the client leaves. */
  | { kind: 'end' };

export type FinishReason = 'stop' | 'length' | 'tools';

/** A whole response: its head, and its beats in time order. */
export interface Score {
  status: number;
  contentType: string;
  headers: Record<string, string>;
  beats: Beat[];
  /** Bytes leave this slowly, whatever their beats say. */
  drip?: { bytes: number; everyMs: number };
}

/** When the parts of an answer come, ms from the arrival of the request. */
export interface Timing {
  headersMs: number;
  firstDeltaMs: number;
  firstContentMs: number;
  tokensPerSecond: number;
}

/**
 * Headers and the role chunk come before the first content. How long before is an assumption (nobody published it):
 * the shares of the TTFT at which they appear.
 */
export const HEADERS_SHARE = 0.8;
export const FIRST_DELTA_SHARE = 0.9;

export function timingOf(ttftMs: number, tokensPerSecond: number, thinkingMs = 0): Timing {
  const unthinkingMs = ttftMs - thinkingMs;
  return {
    headersMs: unthinkingMs * HEADERS_SHARE,
    firstDeltaMs: unthinkingMs * FIRST_DELTA_SHARE,
    firstContentMs: ttftMs,
    tokensPerSecond,
  };
}

function reasoningBeats(reasoning: string, timing: Timing): Beat[] {
  const pieces = toPieces(reasoning);
  const spanMs = timing.firstContentMs - timing.firstDeltaMs;
  return pieces.map((text, i) => ({
    kind: 'reasoning',
    text,
    atMs: timing.firstDeltaMs + (spanMs * i) / pieces.length,
  }));
}

/** An answer as streamed content: first content at its time, then at the profile's pace. */
export function streamBeats(options: {
  answer: Answer;
  reasoning: string;
  timing: Timing;
  reason: FinishReason;
  usage: Usage;
}): Beat[] {
  const { answer, timing } = options;
  const actions: BeatAction[] = toPieces(answer.text).map((text) => ({ kind: 'text', text }));
  answer.toolCalls.forEach((call, index) => {
    actions.push({ kind: 'tool', index, call });
    for (const json of toPieces(call.arguments)) actions.push({ kind: 'arguments', index, json });
  });
  const atToken = (index: number) => timing.firstContentMs + (index * 1000) / timing.tokensPerSecond;
  const endMs = atToken(actions.length);
  return [
    { kind: 'headers', atMs: timing.headersMs },
    { kind: 'open', atMs: timing.firstDeltaMs },
    ...reasoningBeats(options.reasoning, timing),
    ...actions.map((action, index) => ({ ...action, atMs: atToken(index) })),
    { kind: 'finish', reason: options.reason, usage: options.usage, atMs: endMs },
    { kind: 'end', atMs: endMs },
  ];
}

/** A body sent in one piece at one moment. */
export function bodyBeats(body: string, atMs: number): Beat[] {
  return [
    { kind: 'headers', atMs },
    { kind: 'raw', bytes: body, atMs },
    { kind: 'end', atMs },
  ];
}

/** The moment at which the last token of an unstreamed answer is there, ms. */
export function completeAtMs(outputTokens: number, timing: Timing): number {
  return timing.firstContentMs + (Math.max(0, outputTokens - 1) * 1000) / timing.tokensPerSecond;
}

/** The same beats, later. */
export function delayed(beats: Beat[], byMs: number): Beat[] {
  return byMs === 0 ? beats : beats.map((beat) => ({ ...beat, atMs: beat.atMs + byMs }));
}
