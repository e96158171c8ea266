import { isFirstwordError, type TurnFailure } from '@firstword/turn';
import { APIConnectionError, APIStatusError, APITimeoutError } from '@livekit/agents';

/** An unrecoverable error of a part, as the session reported it. */
export interface PartError {
  part: 'llm' | 'tts';
  /** Session clock, ms. */
  atMs: number;
  error: unknown;
}

function codeOfStatus(status: number): string {
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'model_not_found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'provider_unavailable' : 'bad_request';
}

function codeOf(error: unknown): string {
  if (isFirstwordError(error)) return error.code;
  if (error instanceof APIStatusError) return codeOfStatus(error.statusCode);
  if (error instanceof APITimeoutError) return 'timeout';
  return error instanceof APIConnectionError ? 'connect_failed' : 'unknown';
}

/** The HTTP status of a provider's error: `status` of Firstword's, `statusCode` of LiveKit's. */
function statusOf(error: unknown): number | undefined {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  const found = status ?? statusCode;
  return Number.isInteger(found) && Number(found) >= 100 && Number(found) <= 599 ? Number(found) : undefined;
}

/** An error as the record stores it: its code and status, and none of its text. */
export function turnFailureOf(part: PartError['part'], error: unknown): TurnFailure {
  const code = codeOf(error);
  const status = statusOf(error);
  return {
    part: code === 'prepare_failed' ? 'app' : part,
    code,
    ...(status === undefined ? {} : { status }),
  };
}

/** The part that an unrecoverable error of the session is about; `undefined` for errors that are recovered from, and of other parts. */
export function failedPart(error: unknown): { part: PartError['part']; cause: unknown } | undefined {
  const {
    type,
    recoverable,
    error: cause,
  } = error as { type?: string; recoverable?: boolean; error?: unknown };
  if (recoverable !== false) return undefined;
  if (type === 'tts_error') return { part: 'tts', cause };
  return type === 'llm_error' || type === 'realtime_model_error' ? { part: 'llm', cause } : undefined;
}
