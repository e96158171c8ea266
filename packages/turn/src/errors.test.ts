import { expect, it } from 'vitest';
import { FirstwordError, isFirstwordError } from './errors.js';

it('has a code, a cause and a retryable flag', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new FirstwordError('connect_failed', 'nothing listens there', { retryable: true, cause });
  expect(error).toMatchObject({ name: 'FirstwordError', code: 'connect_failed', retryable: true, cause });
  expect(error.message).toBe('nothing listens there');
});

it('is not retryable and has no cause by default', () => {
  const error = new FirstwordError('bad_input', 'no');
  expect(error.retryable).toBe(false);
  expect('cause' in error).toBe(false);
});

it('is distinguished from other errors, and by code', () => {
  const error = new FirstwordError('timeout', 'slow');
  expect(isFirstwordError(error)).toBe(true);
  expect(isFirstwordError(error, 'timeout')).toBe(true);
  expect(isFirstwordError(error, 'auth')).toBe(false);
  expect(isFirstwordError(new Error('slow'))).toBe(false);
});
