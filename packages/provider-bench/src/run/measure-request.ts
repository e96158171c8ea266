import type { ChatRequest, HttpModel, RequestTrace } from '@firstword/llm';
import { ClauseCutter, type Clock, FirstwordError, isFirstwordError } from '@firstword/turn';
import type { Phases } from '../sample.js';

/** One request with its trace and times. */
export interface MeasuredRequest {
  trace: RequestTrace;
  /** Times on the clock, ms. */
  startedMs: number;
  endedMs: number;
  firstClauseMs?: number;
  answerCharacters: number;
  /** Absent for a complete answer. */
  error?: FirstwordError;
}

const asFirstwordError = (error: unknown) =>
  isFirstwordError(error)
    ? error
    : new FirstwordError('internal', 'the request failed in an unexpected way', { cause: error });

/** The error of an answer without text, whatever its HTTP status. */
const emptyAnswer = () =>
  new FirstwordError(
    'bad_stream',
    'the answer contains no text: reasoning may have used up --max-tokens, or the stream was empty',
    { retryable: true },
  );

/**
 * Sends one request and reads its answer to the end. Rejects only when the signal fires; any other failure is part of the
 * result.
 */
export async function measureRequest(options: {
  model: HttpModel;
  request: ChatRequest;
  clock: Clock;
  signal: AbortSignal;
}): Promise<MeasuredRequest> {
  const { model, request, clock, signal } = options;
  const cutter = new ClauseCutter();
  const chat = model.chat(request, { signal });
  const { trace } = chat;
  // A request that failed before it was sent has no marks.
  const startedMs = trace.marks.llmRequested ?? clock.nowMs();
  const measured: MeasuredRequest = { trace, startedMs, endedMs: startedMs, answerCharacters: 0 };
  try {
    for await (const event of chat) {
      if (event.type !== 'text') continue;
      measured.answerCharacters += event.text.length;
      if (measured.firstClauseMs === undefined && cutter.push(event.text).length > 0) {
        measured.firstClauseMs = clock.nowMs();
      }
    }
    measured.endedMs = clock.nowMs();
    if (cutter.end().length > 0) measured.firstClauseMs ??= measured.endedMs;
    if (trace.marks.firstContent === undefined) measured.error = emptyAnswer();
  } catch (error) {
    if (signal.aborted) throw error;
    measured.endedMs = clock.nowMs();
    measured.error = asFirstwordError(error);
  }
  return measured;
}

/** The times of a sample: relative to its start. */
export function phasesOf({ trace, startedMs, endedMs, firstClauseMs }: MeasuredRequest): Phases {
  const { connectionReady, requestSent, responseHeaders, firstDelta, firstContent } = trace.marks;
  const moments = {
    connectionReadyMs: connectionReady,
    requestSentMs: requestSent,
    headersMs: responseHeaders,
    firstDeltaMs: firstDelta,
    firstContentMs: firstContent,
    firstClauseMs,
    endMs: endedMs,
  };
  return Object.fromEntries(
    Object.entries(moments).flatMap(([name, atMs]) =>
      atMs === undefined ? [] : [[name, roundToMicroseconds(atMs - startedMs)]],
    ),
  );
}

/** Rounds to microseconds and clamps at 0: finer digits are clock noise and enlarge the file. */
export const roundToMicroseconds = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
