import { plainLines } from './display/plain-text.js';

/**
 * Every code of a `FirstwordError`. `bad_input`: an argument is invalid; `two_copies`, `old_version`: what is installed
 * cannot work; the others name what failed.
 */
export type ErrorCode =
  | 'bad_input'
  | 'two_copies'
  | 'old_version'
  | 'aborted'
  | 'auth'
  | 'model_not_found'
  | 'context_too_long'
  | 'bad_request'
  | 'rate_limited'
  | 'provider_unavailable'
  | 'connect_failed'
  | 'timeout'
  | 'bad_stream'
  | 'not_an_api'
  | 'model_file'
  | 'worker_died'
  | 'port_in_use'
  | 'unwritable'
  | 'record_invalid'
  | 'prepare_failed'
  | 'internal';

/**
 * Base class of all errors. `message` says what happened and what to do next. It never contains a key or a transcript.
 * Control characters in it, which may come from a path or a provider, are replaced: it is printed as it is.
 */
export class FirstwordError extends Error {
  /** What failed. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed if it is repeated unchanged; default false. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(plainLines(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FirstwordError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Whether an error is a `FirstwordError`, and has the given code if one is given. */
export function isFirstwordError(error: unknown, code?: ErrorCode): error is FirstwordError {
  return error instanceof FirstwordError && (code === undefined || error.code === code);
}
