import { type ErrorCode, FirstwordError, isFirstwordError } from '@firstword/turn';
import { APIConnectionError, APIStatusError, APITimeoutError } from '@livekit/agents';

/** The HTTP status of a refused WebSocket: LiveKit's `statusCode`, or in the message of `ws`. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof APIStatusError && error.statusCode >= 400) return error.statusCode;
  const [, status] = /server response: (\d{3})/.exec(error instanceof Error ? error.message : '') ?? [];
  return status === undefined ? undefined : Number(status);
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 402 || status === 403) return 'auth';
  if (status === 404) return 'model_not_found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  // WebSocket close codes begin at 1000.
  return status >= 500 ? 'provider_unavailable' : 'bad_request';
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  auth: 'check the key and the credit of the account',
  model_not_found: 'check the name of the model',
  rate_limited: 'the account allows no more connections at once; a lower --pace needs fewer',
};

/**
 * A failure of a LiveKit STT or TTS. The message names the engine and the status, and never what the service answered, which
 * may contain the transcript.
 */
export function probeFailure(error: unknown, engine: string): FirstwordError {
  if (isFirstwordError(error)) return error;
  const status = statusOf(error);
  if (status !== undefined) {
    const code = codeOf(status);
    const advice = ADVICE[code];
    const message = `${engine} answered ${status}${advice ? `: ${advice}` : ''}`;
    return new FirstwordError(code, message, { cause: error, retryable: status >= 429 });
  }
  if (error instanceof APITimeoutError) {
    return new FirstwordError('timeout', `${engine} did not accept the connection in time`, {
      cause: error,
      retryable: true,
    });
  }
  const code = error instanceof APIConnectionError ? 'connect_failed' : 'bad_stream';
  return new FirstwordError(code, `${engine} could not be reached, or closed the connection`, {
    cause: error,
    retryable: true,
  });
}
