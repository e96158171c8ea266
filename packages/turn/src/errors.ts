/**
 * Every code a Firstword error can carry. `bad_input` is the caller's mistake; the rest name the part that failed.
 */
export type ErrorCode =
  | 'bad_input'
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
 * The one error base. `message` says what happened and what to do next; it never holds a key or a transcript.
 */
export class FirstwordError extends Error {
  readonly code: ErrorCode;
  /** Whether the same call may succeed if made again unchanged. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FirstwordError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** True for a FirstwordError, of one code where given. */
export function isFirstwordError(error: unknown, code?: ErrorCode): error is FirstwordError {
  return error instanceof FirstwordError && (code === undefined || error.code === code);
}
