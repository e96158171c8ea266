import { type ErrorCode, FirstwordError, isFirstwordError } from '@firstword/turn';
import { APIConnectionError, APIError } from '@livekit/agents';

/** The provider's code of an error event, where the plugin passes it on. */
function providerCode(error: Error): string | undefined {
  const body: unknown = error instanceof APIError ? error.body : undefined;
  const code: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What the messages of `internals/realtime-errors.ts` and of the plugins' sessions say, as a code. The first that matches counts. */
const CODES: readonly [RegExp, ErrorCode][] = [
  [/Check the API key|Check the account|Check the credit|invalid_api_key|insufficient_quota/, 'auth'],
  [/Check the name of the model|model_not_found/, 'model_not_found'],
  [/It is no realtime server/, 'not_an_api'],
  [/rate limit|rate_limit/, 'rate_limited'],
  [/in audio only|Check the model and its options/, 'bad_request'],
];

/** Codes with which the next request would fail as well. */
const PERMANENT: readonly ErrorCode[] = ['auth', 'model_not_found', 'not_an_api', 'bad_request'];

/** A failure of a realtime session. Of errors that a provider reports, its code is kept, and not its words. */
export function realtimeFailure(error: unknown, name: string): FirstwordError {
  if (isFirstwordError(error)) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const reported = providerCode(cause);
  const text = reported ?? cause.message;
  const found = CODES.find(([pattern]) => pattern.test(text))?.[1];
  const code = found ?? (cause instanceof APIConnectionError ? 'connect_failed' : 'bad_stream');
  const message = reported === undefined ? `${name}: ${cause.message}` : `${name} reported ${reported}`;
  return new FirstwordError(code, message, { cause, retryable: !PERMANENT.includes(code) });
}
