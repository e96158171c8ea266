import type { FirstwordError } from '@firstword/turn';

/** A target with this many failures in a row is abandoned: it gets no further requests. */
export const ABANDON_AFTER_FAILURES = 10;

/** Errors that the next request would repeat, unless one was answered before: a wrong key, model name or request. */
const PERMANENT_FAILURES = new Set([
  'auth',
  'model_not_found',
  'not_an_api',
  'bad_request',
  'context_too_long',
  'bad_input',
]);

/** Whether an error is caused by the configuration, and says nothing about the provider's latency or availability. */
export const isPermanentFailure = (kind: string): boolean => PERMANENT_FAILURES.has(kind);

/** The answers and failures of a target so far. */
export interface TargetHealth {
  answers: number;
  /** Failures since the last answer. */
  failuresInARow: number;
}

/** The health of a target before its first request. */
export const UNTRIED: TargetHealth = { answers: 0, failuresInARow: 0 };

/** The health after one more request. Pure. */
export function healthAfter({ answers, failuresInARow }: TargetHealth, failed: boolean): TargetHealth {
  return failed
    ? { answers, failuresInARow: failuresInARow + 1 }
    : { answers: answers + 1, failuresInARow: 0 };
}

/** Why a target gets no further requests, as text for the user; `undefined` if it still gets requests. */
export function reasonToAbandon(
  { answers, failuresInARow }: TargetHealth,
  error: FirstwordError,
): string | undefined {
  if (answers === 0 && isPermanentFailure(error.code)) return error.message;
  if (failuresInARow < ABANDON_AFTER_FAILURES) return undefined;
  const before = answers === 0 ? 'never answered' : `stopped answering after ${answers} answers`;
  const advice = error.code === 'rate_limited' ? ' A lower --pace may stay below the limit.' : '';
  return `${before}: ${failuresInARow} requests in a row failed, the last with: ${error.message}${advice}`;
}
