import type { RequestTrace, Usage } from '@firstword/llm';

/** Longest value of the header, characters: many clients and proxies refuse more than 8 KB of headers. */
const MAX_LENGTH = 3_000;

/** How an answer came about, as `x-firstword-trace` says it. Times are ms since the request reached the gateway. */
export interface AnswerTrace {
  /** Name of the route. */
  route: string;
  outcome: RequestTrace['outcome'];
  /** `provider/model` of the model that answered, or that was asked first. */
  model: string;
  /** The requests that were sent, in order. */
  attempts: {
    model: string;
    /** Why it was sent. */
    reason: string;
    outcome: string;
    startedMs: number;
    firstContentMs?: number;
    error?: string;
  }[];
  /** What the router decided, in order. */
  decisions: { atMs: number; decision: string }[];
  /** The provider's id of the request. */
  upstreamRequestId?: string;
  /** Known once the answer is complete. */
  usage?: Usage;
  /** Requests whose answers were not used. */
  wasted?: { requests: number; promptTokens: number };
  /** True when the provider emulator answered. */
  emulated?: true;
}

const round = (ms: number) => Math.round(ms * 10) / 10;

/** The trace of an answer, as far as it is known now. */
export function answerTrace(trace: RequestTrace, at: { route: string; receivedMs: number }): AnswerTrace {
  const since = (ms: number) => round(ms - at.receivedMs);
  return {
    route: at.route,
    outcome: trace.outcome,
    model: `${trace.provider}/${trace.model}`,
    attempts: (trace.attempts ?? []).map((attempt) => ({
      model: `${attempt.provider}/${attempt.model}`,
      reason: attempt.reason,
      outcome: attempt.outcome,
      startedMs: since(attempt.startedMs),
      ...(attempt.firstContentMs === undefined ? {} : { firstContentMs: since(attempt.firstContentMs) }),
      ...(attempt.error === undefined ? {} : { error: attempt.error }),
    })),
    decisions: (trace.decisions ?? []).map(({ atMs, decision }) => ({ atMs: since(atMs), decision })),
    ...(trace.requestId === undefined ? {} : { upstreamRequestId: trace.requestId }),
    ...(trace.usage === undefined || trace.outcome === 'pending' ? {} : { usage: trace.usage }),
    ...(trace.wasted === undefined ? {} : { wasted: trace.wasted }),
    ...(trace.emulated ? { emulated: true as const } : {}),
  };
}

/** A trace as JSON in ASCII, for a header or a comment. Without its decisions if it would be too long. */
export function traceText(trace: AnswerTrace): string {
  const text = asciiJson(trace);
  if (text.length <= MAX_LENGTH) return text;
  const short = asciiJson({ ...trace, decisions: [], attempts: trace.attempts.slice(0, 8) });
  return short.length <= MAX_LENGTH ? short : asciiJson({ route: trace.route, outcome: trace.outcome });
}

const asciiJson = (value: object) =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
