/** An attempt for the current request, as the failover policy sees it. */
export interface AttemptState {
  model: number;
  /** `late`: still running, past its deadline. */
  state: 'running' | 'late' | 'failed' | 'empty';
  /** Whether a failed attempt may be retried. */
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  endedMs?: number;
}

/** Input of `nextAttempt`. */
export interface FailoverState {
  /** Models in the order in which to try them. */
  order: number[];
  attempts: AttemptState[];
  nowMs: number;
  /** Maximum number of attempts for one request. */
  maxAttempts: number;
  /** Longest `retry-after` to wait for, ms. */
  maxWaitMs: number;
}

/** What to do next: send the request to a model, wait, or neither. */
export type FailoverDecision =
  | { do: 'launch'; model: number }
  /** Decide again at `untilMs`: the remaining models asked for a pause until then. */
  | { do: 'wait'; untilMs: number }
  | { do: 'nothing' };

/** Pause before the first retry with the same model, ms; doubled each time. */
const RETRY_MS = 100;

/** Decides what to do when an attempt has failed, was empty, or has passed its deadline. */
export function nextAttempt(state: FailoverState): FailoverDecision {
  const { order, attempts, nowMs, maxAttempts, maxWaitMs } = state;
  if (attempts.length >= maxAttempts) return { do: 'nothing' };
  const untried = order.find((model) => attempts.every((attempt) => attempt.model !== model));
  if (untried !== undefined) return { do: 'launch', model: untried };
  if (attempts.some((attempt) => attempt.state === 'running')) return { do: 'nothing' };
  const ready = order
    .map((model) => ({ model, atMs: readyMs(attempts.filter((attempt) => attempt.model === model)) }))
    .filter(({ atMs }) => atMs - nowMs <= maxWaitMs)
    .sort((a, b) => a.atMs - b.atMs)[0];
  if (!ready) return { do: 'nothing' };
  return ready.atMs <= nowMs ? { do: 'launch', model: ready.model } : { do: 'wait', untilMs: ready.atMs };
}

/** When a model may be asked again, ms; infinity if a retry cannot help. */
function readyMs(attempts: AttemptState[]): number {
  const last = attempts.at(-1)!;
  if (last.state !== 'failed' || !last.retryable) return Number.POSITIVE_INFINITY;
  return last.endedMs! + (last.retryAfterMs ?? RETRY_MS * 2 ** (attempts.length - 1));
}
