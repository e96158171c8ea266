import { ProviderError, type RequestTrace } from '@firstword/llm';
import { isFirstwordError } from '@firstword/turn';

/** What is known of a request that failed. */
export interface FailedRequest {
  error: unknown;
  /** Words or a tool call of its answer have been passed on: asked again, they would come twice. */
  begun: boolean;
  /** Since it was sent, ms. */
  elapsedMs: number;
  /** From the first request on, ms: later a caller thinks that the line has dropped. */
  withinMs: number;
}

/** After how long a failed request is to be sent once more, ms; `undefined` where that cannot help, or helps too late. */
export function retryInMs({ error, begun, elapsedMs, withinMs }: FailedRequest): number | undefined {
  if (begun || !isFirstwordError(error) || !error.retryable) return undefined;
  const pauseMs = error instanceof ProviderError ? (error.retryAfterMs ?? 0) : 0;
  return elapsedMs + pauseMs < withinMs ? pauseMs : undefined;
}

/** Writes into the second request's trace that there was a first, as a router does. */
export function noteFailed(first: RequestTrace, second: RequestTrace): void {
  const { provider, model, marks, error } = first;
  const attempt = { provider, model, outcome: 'failed', startedMs: marks.llmRequested ?? 0 } as const;
  const startedMs = second.marks.llmRequested ?? attempt.startedMs;
  second.attempts = [
    { ...attempt, reason: 'primary', ...(error ? { error: error.code } : {}) },
    { provider: second.provider, model: second.model, reason: 'failover', outcome: 'won', startedMs },
  ];
}
