import { FirstwordError } from '@firstword/turn';
import { ProviderError } from '../provider-error.js';
import type { RouteAttempt } from '../trace.js';
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

/** The error of an attempt that was given up because it sent nothing more. */
export function sentNothing(
  { provider, model }: RouteAttempt,
  { missing, afterMs }: { missing: string; afterMs: number },
): ProviderError {
  return new ProviderError(
    'timeout',
    `${provider} ${model} sent no ${missing} within ${afterMs} ms. Try again, or add another backup model.`,
    { provider, retryable: true },
  );
}
