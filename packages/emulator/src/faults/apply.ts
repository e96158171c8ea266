import type { Random } from '@firstword/turn/statistics';
import { RequestError, type RequestErrorKind } from '../chat/request-error.js';
import { bodyEvents, type ResponseScript, type ScriptEvent } from '../response/response-script.js';
import type { Fault } from './fault.js';

/** What a fault needs besides the response that it changes. */
export interface FaultContext {
  isStream: boolean;
  random: Random;
  /** An error response in the provider's format. */
  errorScript(error: RequestError, headers?: Record<string, string>): ResponseScript;
}

/** A web page such as a captive portal or a proxy returns. */
const HTML_PAGE =
  '<!doctype html><html><head><title>Emulated page</title></head><body>Not an API.</body></html>';

const KIND_OF_STATUS: Record<number, RequestErrorKind> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'model_not_found',
  413: 'too_large',
  429: 'rate_limited',
  500: 'internal',
};

/** The response changed by a fault. Pure, except that `garbage` draws from `context.random`. */
export function applyFault(script: ResponseScript, fault: Fault, context: FaultContext): ResponseScript {
  const { events } = script;
  switch (fault.kind) {
    case 'straggler':
      return withEvents(
        script,
        events.map((event) => ({ ...event, atMs: event.atMs + fault.delayMs })),
      );
    case 'slowdown':
      return withEvents(
        script,
        events.map((event) => ({ ...event, atMs: event.atMs * fault.factor })),
      );
    case 'no-headers':
      return withEvents(script, []);
    case 'hang-up':
      return withEvents(script, [{ kind: 'reset', atMs: 0 }]);
    case 'headers-then-comments':
      return commentsOnly(script, fault.everyMs ?? 1000, context);
    case 'role-then-nothing':
      return withEvents(
        script,
        events.filter((event) => event.kind === 'headers' || event.kind === 'open'),
      );
    case 'empty-stream':
      return withEvents(script, ofKinds(events, ['headers', 'end']));
    case 'empty-answer':
      return withEvents(script, ofKinds(events, ['headers', 'open', 'finish', 'end']));
    case 'error-frame':
      return errorFrame(script, fault.message ?? 'Emulated error in the stream.', context);
    case 'http-error':
    case 'rate-limited':
      return errorResponse(fault, context);
    case 'slow-drip':
      return { ...script, drip: { bytes: fault.bytes ?? 1, everyMs: fault.everyMs ?? 20 } };
    case 'html-page':
      return {
        ...script,
        contentType: 'text/html; charset=utf-8',
        events: bodyEvents(HTML_PAGE, firstEventMs(events)),
      };
    case 'broken-tool-json':
      return withEvents(script, withoutLastArguments(events));
    default:
      return contentFault(script, fault, context);
  }
}

function withEvents(script: ResponseScript, events: ScriptEvent[]): ResponseScript {
  return { ...script, events: events };
}

function ofKinds(events: ScriptEvent[], kinds: ScriptEvent['kind'][]): ScriptEvent[] {
  return events.filter((event) => kinds.includes(event.kind));
}

function firstEventMs(events: ScriptEvent[]): number {
  return events[0]?.atMs ?? 0;
}

function commentsOnly(script: ResponseScript, everyMs: number, context: FaultContext): ResponseScript {
  const headers = ofKinds(script.events, ['headers']);
  const atMs = firstEventMs(headers);
  return withEvents(script, context.isStream ? [...headers, { kind: 'comments', everyMs, atMs }] : headers);
}

function errorFrame(script: ResponseScript, message: string, context: FaultContext): ResponseScript {
  if (!context.isStream) return context.errorScript(new RequestError(500, 'internal', message));
  const atMs = script.events.find((event) => event.kind === 'open')?.atMs ?? 0;
  const headers = ofKinds(script.events, ['headers']);
  return withEvents(script, [...headers, { kind: 'error', message, atMs }, { kind: 'end', atMs }]);
}

function errorResponse(
  fault: Extract<Fault, { kind: 'http-error' | 'rate-limited' }>,
  context: FaultContext,
): ResponseScript {
  if (fault.kind === 'rate-limited') {
    const error = new RequestError(429, 'rate_limited', 'Emulated rate limit reached.');
    const after = fault.retryAfterSeconds;
    return context.errorScript(error, after === undefined ? {} : { 'retry-after': String(after) });
  }
  const kind = KIND_OF_STATUS[fault.status] ?? (fault.status >= 500 ? 'unavailable' : 'invalid_request');
  return context.errorScript(new RequestError(fault.status, kind, fault.message ?? 'Emulated error.'));
}

function withoutLastArguments(events: ScriptEvent[]): ScriptEvent[] {
  const last = events.findLastIndex((event) => event.kind === 'arguments');
  return events.filter((_, index) => index !== last);
}

function isContent(event: ScriptEvent): boolean {
  return event.kind === 'text' || event.kind === 'tool' || event.kind === 'arguments' || event.kind === 'raw';
}

/** Index of the content piece after the first `after` ones, or of the last piece if there are fewer. */
function contentIndex(events: ScriptEvent[], after: number): number {
  const indices = events.flatMap((event, index) => (isContent(event) ? [index] : []));
  return indices[Math.min(after, indices.length - 1)] ?? events.length;
}

/** The first half of a piece, so that the content ends in the middle of a word. */
function firstHalf(event: ScriptEvent): ScriptEvent {
  const halfOf = (text: string) => text.slice(0, Math.ceil(text.length / 2));
  if (event.kind === 'text') return { ...event, text: halfOf(event.text) };
  if (event.kind === 'arguments') return { ...event, json: halfOf(event.json) };
  if (event.kind === 'raw' && typeof event.bytes === 'string')
    return { ...event, bytes: halfOf(event.bytes) };
  return event;
}

type ContentFault = Extract<Fault, { kind: 'stall' | 'reset' | 'cut-off' | 'garbage' | 'long-line' }>;

/** Faults in the middle of the content. */
function contentFault(script: ResponseScript, fault: ContentFault, context: FaultContext): ResponseScript {
  const { events } = script;
  const index = contentIndex(events, fault.kind === 'long-line' ? 0 : (fault.afterPieces ?? 2));
  const at = events[index];
  if (!at) return script;
  const before = events.slice(0, index);
  const rest = events.slice(index);
  const atMs = at.atMs;
  switch (fault.kind) {
    case 'stall':
      return withEvents(script, [...before, firstHalf(at)]);
    case 'reset':
      return withEvents(script, [...before, firstHalf(at), { kind: 'reset', atMs }]);
    case 'cut-off':
      return withEvents(script, [...before, firstHalf(at), { kind: 'end', atMs }]);
    case 'garbage':
      return withEvents(script, [
        ...before,
        { kind: 'raw', bytes: garbage(fault.bytes ?? 64, context), atMs },
        ...rest,
      ]);
    case 'long-line':
      return withEvents(script, [
        ...before,
        { kind: 'raw', bytes: `data: ${'x'.repeat(fault.bytes)}\n\n`, atMs },
        ...rest,
      ]);
  }
}

function garbage(bytes: number, { random }: FaultContext): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => random.integer(128, 255));
}
