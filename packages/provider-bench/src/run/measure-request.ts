import type { ChatRequest, HttpModel, RequestTrace } from '@firstword/llm';
import { ClauseCutter, type Clock, FirstwordError, isFirstwordError } from '@firstword/turn';
import type { Phases } from '../sample.js';

/** One request, from `chat()` to its end, on the clock. */
export interface MeasuredRequest {
  trace: RequestTrace;
  /** Moments on the clock. */
  startedMs: number;
  endedMs: number;
  firstClauseMs?: number;
  answerCharacters: number;
  /** Absent where a whole answer came. */
  error?: FirstwordError;
}

const asFirstwordError = (error: unknown) =>
  isFirstwordError(error)
    ? error
    : new FirstwordError('internal', 'the request failed in an unexpected way', { cause: error });

/** An answer without a word is none, whatever its status. */
const emptyAnswer = () =>
  new FirstwordError(
    'bad_stream',
    'the answer had no text: reasoning may have used up all of --max-tokens, or the stream was empty',
    { retryable: true },
  );

/**
 * Asks once and reads to the end. Rejects only with `aborted`, when the signal fires: any other failure is a result.
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
  // A request that was refused before it began has no marks.
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

/** The moments as a sample has them: after the start. */
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

/** Microseconds: finer is noise of the clock, and long in a file. */
export const roundToMicroseconds = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
