import type { FirstwordError } from '@firstword/turn';

/** A target that answers nothing this many times in a row is not asked again. */
export const GIVE_UP_AFTER = 10;

/** Failures that the next request would only repeat, unless one was answered before: a key, a name or the call is wrong. */
const HOPELESS = new Set([
  'auth',
  'model_not_found',
  'not_an_api',
  'bad_request',
  'context_too_long',
  'bad_input',
]);

/** True for a kind of error that says nothing about the provider's speed or health. */
export const isHopeless = (kind: string): boolean => HOPELESS.has(kind);

/** How a target has answered so far. */
export interface Standing {
  answers: number;
  /** Since the last answer. */
  failuresInARow: number;
}

export const UNTRIED: Standing = { answers: 0, failuresInARow: 0 };

/** The standing after one more request. */
export function standingAfter({ answers, failuresInARow }: Standing, failed: boolean): Standing {
  return failed
    ? { answers, failuresInARow: failuresInARow + 1 }
    : { answers: answers + 1, failuresInARow: 0 };
}

/** Why a target is not to be asked again, in words for people; `undefined` where it is. */
export function reasonToGiveUp(
  { answers, failuresInARow }: Standing,
  error: FirstwordError,
): string | undefined {
  if (answers === 0 && isHopeless(error.code)) return error.message;
  if (failuresInARow < GIVE_UP_AFTER) return undefined;
  const before = answers === 0 ? 'never answered' : `stopped answering after ${answers} answers`;
  const advice = error.code === 'rate_limited' ? ' A lower --pace may stay below the limit.' : '';
  return `${before}: ${failuresInARow} requests in a row failed, the last with: ${error.message}${advice}`;
}
