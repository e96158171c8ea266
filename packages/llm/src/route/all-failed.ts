import { FirstwordError } from '@firstword/turn';
import type { Runner } from './runner.js';

/** The one error that the reader of a failed race gets: the first failure, with the others named. */
export function allFailed(runners: Runner[]): FirstwordError {
  const errors = runners.map(({ error }) => error).filter((error) => error instanceof FirstwordError);
  const [first] = errors;
  if (!first)
    return new FirstwordError('internal', 'no model answered, and none said why', {
      cause: runners[0]?.error,
    });
  if (errors.length === 1) return first;
  const list = runners.map(
    ({ attempt }) => `${attempt.provider} ${attempt.model}: ${attempt.error ?? 'no answer'}`,
  );
  return new FirstwordError(
    first.code,
    `No model answered (${list.join('; ')}). The first said: ${first.message}`,
    {
      retryable: errors.some(({ retryable }) => retryable),
      cause: first,
    },
  );
}
