import { FirstwordError } from '@firstword/turn';
import type { Attempt } from './attempt.js';

/**
 * The error for the reader when every attempt has failed: the first failure, with the others listed in its message.
 */
export function allFailed(attempts: Attempt[]): FirstwordError {
  const errors = attempts.map(({ error }) => error).filter((error) => error instanceof FirstwordError);
  const [first] = errors;
  if (!first)
    return new FirstwordError('internal', 'no model answered, and none reported an error', {
      cause: attempts[0]?.error,
    });
  if (errors.length === 1) return first;
  const list = attempts.map(
    ({ record }) => `${record.provider} ${record.model}: ${record.error ?? 'no answer'}`,
  );
  return new FirstwordError(
    first.code,
    `No model answered (${list.join('; ')}). The first error: ${first.message}`,
    {
      retryable: errors.some(({ retryable }) => retryable),
      cause: first,
    },
  );
}
