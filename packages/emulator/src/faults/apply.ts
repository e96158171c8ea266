import type { Random } from '@firstword/turn/statistics';
import { type ProblemKind, RequestProblem } from '../chat/problem.js';
import { type Beat, bodyBeats, type Score } from '../play/score.js';
import type { Fault } from './fault.js';

/** What a fault needs beside the response it spoils. */
export interface FaultContext {
  isStream: boolean;
  random: Random;
  /** The body of an error response, as the provider at hand writes it. */
  errorScore(problem: RequestProblem, headers?: Record<string, string>): Score;
}

/** A web page, as a captive portal or a proxy gives. */
const HTML_PAGE =
  '<!doctype html><html><head><title>Emulated page</title></head><body>Not an API.</body></html>';

const KIND_OF_STATUS: Record<number, ProblemKind> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'model_not_found',
  413: 'too_large',
  429: 'rate_limited',
  500: 'internal',
};

/** The response as the fault leaves it. Pure but for draws from the context's random bytes. */
export function applyFault(score: Score, fault: Fault, context: FaultContext): Score {
  const { beats } = score;
  switch (fault.kind) {
    case 'straggler':
      return withBeats(
        score,
        beats.map((beat) => ({ ...beat, atMs: beat.atMs + fault.delayMs })),
      );
    case 'slowdown':
      return withBeats(
        score,
        beats.map((beat) => ({ ...beat, atMs: beat.atMs * fault.factor })),
      );
    case 'no-headers':
      return withBeats(score, []);
    case 'hang-up':
      return withBeats(score, [{ kind: 'reset', atMs: 0 }]);
    case 'headers-then-comments':
      return commented(score, fault.everyMs ?? 1000, context);
    case 'role-then-nothing':
      return withBeats(
        score,
        beats.filter((beat) => beat.kind === 'headers' || beat.kind === 'open'),
      );
    case 'empty-stream':
      return withBeats(score, ofKinds(beats, ['headers', 'end']));
    case 'empty-answer':
      return withBeats(score, ofKinds(beats, ['headers', 'open', 'finish', 'end']));
    case 'error-frame':
      return errorFrame(score, fault.message ?? 'Emulated error in the stream.', context);
    case 'http-error':
    case 'rate-limited':
      return errorResponse(fault, context);
    case 'slow-drip':
      return { ...score, drip: { bytes: fault.bytes ?? 1, everyMs: fault.everyMs ?? 20 } };
    case 'html-page':
      return {
        ...score,
        contentType: 'text/html; charset=utf-8',
        beats: bodyBeats(HTML_PAGE, firstAtMs(beats)),
      };
    case 'broken-tool-json':
      return withBeats(score, withoutLastArguments(beats));
    default:
      return inContent(score, fault, context);
  }
}

function withBeats(score: Score, beats: Beat[]): Score {
  return { ...score, beats };
}

function ofKinds(beats: Beat[], kinds: Beat['kind'][]): Beat[] {
  return beats.filter((beat) => kinds.includes(beat.kind));
}

function firstAtMs(beats: Beat[]): number {
  return beats[0]?.atMs ?? 0;
}

function commented(score: Score, everyMs: number, context: FaultContext): Score {
  const headers = ofKinds(score.beats, ['headers']);
  const atMs = firstAtMs(headers);
  return withBeats(score, context.isStream ? [...headers, { kind: 'comments', everyMs, atMs }] : headers);
}

function errorFrame(score: Score, message: string, context: FaultContext): Score {
  if (!context.isStream) return context.errorScore(new RequestProblem(500, 'internal', message));
  const atMs = score.beats.find((beat) => beat.kind === 'open')?.atMs ?? 0;
  const headers = ofKinds(score.beats, ['headers']);
  return withBeats(score, [...headers, { kind: 'error', message, atMs }, { kind: 'end', atMs }]);
}

function errorResponse(
  fault: Extract<Fault, { kind: 'http-error' | 'rate-limited' }>,
  context: FaultContext,
): Score {
  if (fault.kind === 'rate-limited') {
    const problem = new RequestProblem(429, 'rate_limited', 'Emulated rate limit reached.');
    const after = fault.retryAfterSeconds;
    return context.errorScore(problem, after === undefined ? {} : { 'retry-after': String(after) });
  }
  const kind = KIND_OF_STATUS[fault.status] ?? (fault.status >= 500 ? 'unavailable' : 'invalid_request');
  return context.errorScore(new RequestProblem(fault.status, kind, fault.message ?? 'Emulated error.'));
}

function withoutLastArguments(beats: Beat[]): Beat[] {
  const last = beats.findLastIndex((beat) => beat.kind === 'arguments');
  return beats.filter((_, index) => index !== last);
}

function isContent(beat: Beat): boolean {
  return beat.kind === 'text' || beat.kind === 'tool' || beat.kind === 'arguments' || beat.kind === 'raw';
}

/** Where the content's `after`-th piece ends, or its last one where there are fewer. */
function contentIndex(beats: Beat[], after: number): number {
  const indices = beats.flatMap((beat, index) => (isContent(beat) ? [index] : []));
  return indices[Math.min(after, indices.length - 1)] ?? beats.length;
}

/** The first half of a piece: a word stops in its middle. */
function half(beat: Beat): Beat {
  const halfOf = (text: string) => text.slice(0, Math.ceil(text.length / 2));
  if (beat.kind === 'text') return { ...beat, text: halfOf(beat.text) };
  if (beat.kind === 'arguments') return { ...beat, json: halfOf(beat.json) };
  if (beat.kind === 'raw' && typeof beat.bytes === 'string') return { ...beat, bytes: halfOf(beat.bytes) };
  return beat;
}

type ContentFault = Extract<Fault, { kind: 'stall' | 'reset' | 'cut-off' | 'garbage' | 'long-line' }>;

/** Faults that strike in the middle of the content. */
function inContent(score: Score, fault: ContentFault, context: FaultContext): Score {
  const { beats } = score;
  const index = contentIndex(beats, fault.kind === 'long-line' ? 0 : (fault.afterPieces ?? 2));
  const at = beats[index];
  if (!at) return score;
  const before = beats.slice(0, index);
  const rest = beats.slice(index);
  const atMs = at.atMs;
  switch (fault.kind) {
    case 'stall':
      return withBeats(score, [...before, half(at)]);
    case 'reset':
      return withBeats(score, [...before, half(at), { kind: 'reset', atMs }]);
    case 'cut-off':
      return withBeats(score, [...before, half(at), { kind: 'end', atMs }]);
    case 'garbage':
      return withBeats(score, [
        ...before,
        { kind: 'raw', bytes: garbage(fault.bytes ?? 64, context), atMs },
        ...rest,
      ]);
    case 'long-line':
      return withBeats(score, [
        ...before,
        { kind: 'raw', bytes: `data: ${'x'.repeat(fault.bytes)}\n\n`, atMs },
        ...rest,
      ]);
  }
}

function garbage(bytes: number, { random }: FaultContext): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => random.integer(128, 255));
}
