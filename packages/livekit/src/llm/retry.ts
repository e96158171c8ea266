import { ProviderError, type RequestTrace } from '@firstword/llm';
import { isFirstwordError } from '@firstword/turn';

/** A failed LLM request. */
export interface FailedRequest {
  error: unknown;
  /** Words or a tool call have been passed on: a retry would repeat them. */
  begun: boolean;
  /** Since it was sent, ms. */
  elapsedMs: number;
  /** Latest start of a retry after the first request, ms: later, callers think that the line has dropped. */
  withinMs: number;
}

/** Delay until a failed request is retried, ms; `undefined` if a retry cannot help or would be too late. */
export function retryInMs({ error, begun, elapsedMs, withinMs }: FailedRequest): number | undefined {
  if (begun || !isFirstwordError(error) || !error.retryable) return undefined;
  const pauseMs = error instanceof ProviderError ? (error.retryAfterMs ?? 0) : 0;
  return elapsedMs + pauseMs < withinMs ? pauseMs : undefined;
}

/** Records the failed first request in the second request's trace, in the form a router uses. */
export function noteFailed(first: RequestTrace, second: RequestTrace): void {
  const { provider, model, marks, error } = first;
  const attempt = { provider, model, outcome: 'failed', startedMs: marks.llmRequested ?? 0 } as const;
  const startedMs = second.marks.llmRequested ?? attempt.startedMs;
  second.attempts = [
    { ...attempt, reason: 'primary', ...(error ? { error: error.code } : {}) },
    { provider: second.provider, model: second.model, reason: 'failover', outcome: 'won', startedMs },
  ];
}
