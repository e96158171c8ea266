import type { RequestError, RequestErrorKind } from '../chat/request-error.js';
import type { Profile, ProviderName } from '../profiles/profiles.js';
import type { Fields } from './fields.js';
import type { HeaderInfo, ReplyContext } from './wire.js';

/** Where a provider's documented format differs from OpenAI's. */
export interface OpenaiDialect {
  /** The delta field that carries reasoning. */
  reasoningField: string;
  /** Headers on every response. */
  headers(info: HeaderInfo): Record<string, string>;
  /** Extra fields of a stream's first chunk. */
  firstChunk(context: ReplyContext): Fields;
  /** Extra fields of a stream's last chunk that has a choice. */
  lastChunk(context: ReplyContext): Fields;
  /** EmulatedUsage and extra fields of an unstreamed body. */
  wholeBody(context: ReplyContext): Fields;
  /** The body of an error response. */
  errorBody(error: RequestError): Fields;
  /** The data of an error frame in a stream that has already started. */
  errorFrame(message: string): Fields;
}

/** The usage object, in OpenAI's format. */
export function usageFields({ usage }: ReplyContext): Fields {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

const OPENAI_ERROR_TYPES: Record<RequestErrorKind, { type: string; code: string | null }> = {
  invalid_request: { type: 'invalid_request_error', code: null },
  unauthorized: { type: 'invalid_request_error', code: 'invalid_api_key' },
  forbidden: { type: 'invalid_request_error', code: 'permission_denied' },
  not_found: { type: 'invalid_request_error', code: 'unknown_url' },
  model_not_found: { type: 'invalid_request_error', code: 'model_not_found' },
  too_large: { type: 'invalid_request_error', code: 'request_too_large' },
  rate_limited: { type: 'requests', code: 'rate_limit_exceeded' },
  unavailable: { type: 'server_error', code: null },
  internal: { type: 'server_error', code: null },
};

const openai: OpenaiDialect = {
  reasoningField: 'reasoning_content',
  headers: ({ requestId, processingMs }) => ({
    'x-request-id': `req_emulated_${requestId}`,
    'openai-processing-ms': String(Math.round(processingMs)),
  }),
  firstChunk: () => ({}),
  lastChunk: () => ({}),
  wholeBody: (context) => ({ usage: usageFields(context) }),
  errorBody: (error) => ({
    error: { message: error.message, ...OPENAI_ERROR_TYPES[error.kind], param: error.param ?? null },
  }),
  errorFrame: (message) => ({ error: { message, type: 'server_error', code: null, param: null } }),
};

/** Reported timings in seconds, the unit that Groq and Cerebras use. */
function timeFields({ reportedTimings }: ReplyContext): Fields {
  const { queueMs, promptMs, completionMs } = reportedTimings;
  return {
    queue_time: queueMs / 1000,
    prompt_time: promptMs / 1000,
    completion_time: completionMs / 1000,
    total_time: (promptMs + completionMs) / 1000,
  };
}

const groqUsage = (context: ReplyContext) => ({ ...usageFields(context), ...timeFields(context) });
const groqId = (context: ReplyContext) => `req_emulated_${context.id}`;

const groq: OpenaiDialect = {
  ...openai,
  headers: ({ requestId }) => ({ 'x-request-id': `req_emulated_${requestId}` }),
  reasoningField: 'reasoning',
  firstChunk: (context) => ({ x_groq: { id: groqId(context) } }),
  lastChunk: (context) => ({ x_groq: { id: groqId(context), usage: groqUsage(context) } }),
  wholeBody: (context) => ({ usage: groqUsage(context), x_groq: { id: groqId(context) } }),
  errorBody: (error) => {
    const { type, code } = OPENAI_ERROR_TYPES[error.kind];
    return { error: { message: error.message, type, ...(code === null ? {} : { code }) } };
  },
  errorFrame: (message) => ({ error: { message, type: 'internal_server_error' } }),
};

const cerebras: OpenaiDialect = {
  ...openai,
  headers: ({ requestId }) => ({ 'x-request-id': `req_emulated_${requestId}` }),
  reasoningField: 'reasoning',
  lastChunk: (context) => ({ usage: usageFields(context), time_info: timeFields(context) }),
  wholeBody: (context) => ({ usage: usageFields(context), time_info: timeFields(context) }),
  errorBody: (error) => {
    const { type, code } = OPENAI_ERROR_TYPES[error.kind];
    return { message: error.message, type, param: error.param ?? '', code: code ?? type };
  },
  errorFrame: (message) => ({
    error: { message, type: 'server_error', code: 'server_error', param: '' },
    status_code: 500,
  }),
};

const DIALECTS: Partial<Record<ProviderName, OpenaiDialect>> = { groq, cerebras };

/** The dialect of a profile's provider; OpenAI's own format by default. */
export function dialectOf(profile: Profile | undefined): OpenaiDialect {
  return (profile && DIALECTS[profile.provider]) ?? openai;
}
