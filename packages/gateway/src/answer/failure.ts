import { ProviderError, type ProviderErrorLabels } from '@firstword/llm';
import { type ErrorCode, FirstwordError, redact } from '@firstword/turn';

/** A request that failed, as a client is told. */
export interface RequestFailure {
  /** HTTP status. */
  status: number;
  code: ErrorCode;
  /** What happened and what to do next; the provider's own words where the request itself was refused. */
  message: string;
  /** `code`, `type` and `param` of the provider's error. */
  labels: ProviderErrorLabels;
  /** When to try again, ms. */
  retryAfterMs: number | undefined;
  /** False where a repetition cannot help until somebody changes a setting. */
  retryable: boolean;
}

/** An error of the gateway itself, with its HTTP status. */
export class GatewayError extends FirstwordError {
  readonly status: number;
  /** When to try again, ms. */
  readonly retryAfterMs: number | undefined;
  /** Labels of the client's API that its SDKs compare. */
  readonly labels: ProviderErrorLabels;

  constructor(
    status: number,
    message: string,
    options: {
      code?: ErrorCode;
      retryAfterMs?: number;
      retryable?: boolean;
      labels?: ProviderErrorLabels;
    } = {},
  ) {
    super(options.code ?? 'bad_input', message, { retryable: options.retryable ?? false });
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
    this.labels = options.labels ?? {};
  }
}

/** Errors of the request itself: the client gets the provider's words and may change the request. */
const OF_THE_REQUEST = new Set<ErrorCode>([
  'bad_request',
  'context_too_long',
  'model_not_found',
  'rate_limited',
]);

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_input: 400,
  bad_request: 400,
  context_too_long: 400,
  model_not_found: 404,
  rate_limited: 429,
  // The key is the gateway's: the client's own token was accepted.
  auth: 502,
  not_an_api: 502,
  connect_failed: 502,
  provider_unavailable: 502,
  bad_stream: 502,
  timeout: 504,
};

function statusOf(code: ErrorCode, provider: ProviderError | undefined): number {
  const given = provider?.status;
  const isOwn = code === 'bad_request' || code === 'context_too_long';
  if (isOwn && given !== undefined && given >= 400 && given < 500) return given;
  return STATUS[code] ?? 500;
}

/** Errors that stay until somebody changes the gateway's settings or the request. */
const PERMANENT = new Set<ErrorCode>(['auth', 'not_an_api', 'bad_input', 'bad_request', 'context_too_long']);

/** What the client is told about an error of the router or of the gateway. */
export function failureOf(error: unknown): RequestFailure {
  if (error instanceof GatewayError) {
    const { status, code, message, retryAfterMs, retryable, labels } = error;
    return { status, code, message, retryAfterMs, retryable, labels };
  }
  if (!(error instanceof FirstwordError)) {
    const message = 'The gateway failed to handle this request. Try again; if it happens again, report it.';
    return { status: 500, code: 'internal', message, retryAfterMs: undefined, retryable: true, labels: {} };
  }
  // Where several models failed, the first failure is the cause.
  const provider = [error, error.cause].find((each) => each instanceof ProviderError);
  const { code } = error;
  const said = OF_THE_REQUEST.has(code) ? provider?.providerText() : undefined;
  return {
    status: statusOf(code, provider),
    code,
    message: said ? redact(`${provider!.provider}: ${said}`) : error.message,
    labels: OF_THE_REQUEST.has(code) ? (provider?.labels() ?? {}) : {},
    retryAfterMs: provider?.retryAfterMs,
    retryable: !PERMANENT.has(code),
  };
}

/** Response headers that tell a client, and its SDK, whether and when to try again. */
export function retryHeaders({ status, retryAfterMs, retryable }: RequestFailure): Record<string, string> {
  const isTemporary = status === 429 || status === 503;
  const afterMs = retryAfterMs ?? (isTemporary ? 1_000 : undefined);
  return {
    ...(afterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(afterMs / 1_000))) }),
    // The SDKs of OpenAI and Anthropic repeat every 429 and 5xx unless this header says no.
    ...(retryable ? {} : { 'x-should-retry': 'false' }),
  };
}
