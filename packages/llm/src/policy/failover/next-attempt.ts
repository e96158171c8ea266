/** An attempt of the request in hand, as the failover policy sees it. */
export interface AttemptState {
  model: number;
  /** `late`: still running, past its deadline. */
  state: 'running' | 'late' | 'failed' | 'empty';
  /** Only for a failed one. */
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  endedMs?: number;
}

export interface FailoverState {
  /** Models in the order in which to try them. */
  order: number[];
  attempts: AttemptState[];
  nowMs: number;
  /** Attempts in all that one request may have. */
  maxAttempts: number;
  /** A retry-after longer than this is not waited for, ms. */
  maxWaitMs: number;
}

export type FailoverDecision =
  | { do: 'launch'; model: number }
  /** Ask again then: the models that are left want to be left alone so long. */
  | { do: 'wait'; untilMs: number }
  | { do: 'nothing' };

/** First pause before the same model is asked again, ms; doubled each time. */
const RETRY_MS = 100;

/** What to do when an attempt has failed, come back empty, or passed its deadline. */
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

/** When a model that failed may be asked again; never, if asking cannot help. */
function readyMs(attempts: AttemptState[]): number {
  const last = attempts.at(-1)!;
  if (last.state !== 'failed' || !last.retryable) return Number.POSITIVE_INFINITY;
  return last.endedMs! + (last.retryAfterMs ?? RETRY_MS * 2 ** (attempts.length - 1));
}
