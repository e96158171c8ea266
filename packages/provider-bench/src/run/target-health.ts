import type { FirstwordError } from '@firstword/turn';

/** A target that answers nothing this many times in a row is not asked again. */
export const ABANDON_AFTER_FAILURES = 10;

/** Failures that the next request would only repeat, unless one was answered before: a key, a name or the call is wrong. */
const PERMANENT_FAILURES = new Set([
  'auth',
  'model_not_found',
  'not_an_api',
  'bad_request',
  'context_too_long',
  'bad_input',
]);

/** True for a kind of error that says nothing about the provider's speed or health. */
export const isPermanentFailure = (kind: string): boolean => PERMANENT_FAILURES.has(kind);

/** How a target has answered so far. */
export interface TargetHealth {
  answers: number;
  /** Since the last answer. */
  failuresInARow: number;
}

export const UNTRIED: TargetHealth = { answers: 0, failuresInARow: 0 };

/** The health after one more request. */
export function healthAfter({ answers, failuresInARow }: TargetHealth, failed: boolean): TargetHealth {
  return failed
    ? { answers, failuresInARow: failuresInARow + 1 }
    : { answers: answers + 1, failuresInARow: 0 };
}

/** Why a target is not to be asked again, in words for people; `undefined` where it is. */
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
