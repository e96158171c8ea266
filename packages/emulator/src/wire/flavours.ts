import type { ProblemKind, RequestProblem } from '../chat/problem.js';
import type { Profile, ProviderName } from '../profiles/profiles.js';
import type { Fields } from './fields.js';
import type { HeaderInfo, ReplyContext } from './wire.js';

/** What providers add to OpenAI's wire format, as documented by each. */
export interface Flavour {
  /** The delta field that carries reasoning. */
  reasoningField: string;
  headers(info: HeaderInfo): Record<string, string>;
  /** Extra fields on a stream's first chunk. */
  firstChunk(context: ReplyContext): Fields;
  /** Extra fields on a stream's last chunk with a choice. */
  lastChunk(context: ReplyContext): Fields;
  /** Usage and extra fields of an unstreamed body. */
  wholeBody(context: ReplyContext): Fields;
  errorBody(problem: RequestProblem): Fields;
  /** The data of an error frame in a stream that has begun. */
  errorFrame(message: string): Fields;
}

/** The usage object, in OpenAI's words. */
export function usageFields({ usage }: ReplyContext): Fields {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

const OPENAI_ERROR_TYPES: Record<ProblemKind, { type: string; code: string | null }> = {
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

const openai: Flavour = {
  reasoningField: 'reasoning_content',
  headers: ({ requestId, processingMs }) => ({
    'x-request-id': `req_emulated_${requestId}`,
    'openai-processing-ms': String(Math.round(processingMs)),
  }),
  firstChunk: () => ({}),
  lastChunk: () => ({}),
  wholeBody: (context) => ({ usage: usageFields(context) }),
  errorBody: (problem) => ({
    error: { message: problem.message, ...OPENAI_ERROR_TYPES[problem.kind], param: problem.param ?? null },
  }),
  errorFrame: (message) => ({ error: { message, type: 'server_error', code: null, param: null } }),
};

/** Provider times in seconds, the unit Groq and Cerebras use. */
function timeFields({ providerTime }: ReplyContext): Fields {
  const { queueMs, promptMs, completionMs } = providerTime;
  return {
    queue_time: queueMs / 1000,
    prompt_time: promptMs / 1000,
    completion_time: completionMs / 1000,
    total_time: (promptMs + completionMs) / 1000,
  };
}

const groqUsage = (context: ReplyContext) => ({ ...usageFields(context), ...timeFields(context) });
const groqId = (context: ReplyContext) => `req_emulated_${context.id}`;

const groq: Flavour = {
  ...openai,
  headers: ({ requestId }) => ({ 'x-request-id': `req_emulated_${requestId}` }),
  reasoningField: 'reasoning',
  firstChunk: (context) => ({ x_groq: { id: groqId(context) } }),
  lastChunk: (context) => ({ x_groq: { id: groqId(context), usage: groqUsage(context) } }),
  wholeBody: (context) => ({ usage: groqUsage(context), x_groq: { id: groqId(context) } }),
  errorBody: (problem) => {
    const { type, code } = OPENAI_ERROR_TYPES[problem.kind];
    return { error: { message: problem.message, type, ...(code === null ? {} : { code }) } };
  },
  errorFrame: (message) => ({ error: { message, type: 'internal_server_error' } }),
};

const cerebras: Flavour = {
  ...openai,
  headers: ({ requestId }) => ({ 'x-request-id': `req_emulated_${requestId}` }),
  reasoningField: 'reasoning',
  lastChunk: (context) => ({ usage: usageFields(context), time_info: timeFields(context) }),
  wholeBody: (context) => ({ usage: usageFields(context), time_info: timeFields(context) }),
  errorBody: (problem) => {
    const { type, code } = OPENAI_ERROR_TYPES[problem.kind];
    return { message: problem.message, type, param: problem.param ?? '', code: code ?? type };
  },
  errorFrame: (message) => ({
    error: { message, type: 'server_error', code: 'server_error', param: '' },
    status_code: 500,
  }),
};

const FLAVOURS: Partial<Record<ProviderName, Flavour>> = { groq, cerebras };

/** The flavour of a profile's provider; OpenAI's own where it has none. */
export function flavourOf(profile: Profile | undefined): Flavour {
  return (profile && FLAVOURS[profile.provider]) ?? openai;
}
