import type { RequestFailure } from '../answer/failure.js';

function typeOf({ status, code }: RequestFailure): string {
  if (code === 'rate_limited') return 'rate_limit_error';
  if (status === 401) return 'authentication_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/** Codes that clients of OpenAI know, for the errors that have one. */
const CODES: Partial<Record<RequestFailure['code'], string>> = {
  context_too_long: 'context_length_exceeded',
  rate_limited: 'rate_limit_exceeded',
  auth: 'invalid_api_key',
};

/** The JSON of an error, as OpenAI writes it. */
export function openAiError(failure: RequestFailure): object {
  const { message, labels, code } = failure;
  return {
    error: {
      message,
      type: labels.type ?? typeOf(failure),
      param: labels.param ?? null,
      code: labels.code ?? CODES[code] ?? code,
    },
  };
}
