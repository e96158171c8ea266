import type { ErrorCode } from '@firstword/turn';
import { ProviderError, type ProviderErrorLabels } from '../provider-error.js';
import { isJsonObject } from './schema.js';

/** The parts of an error body. Providers put the reason into different fields. */
interface ErrorFields {
  /** `code`, `type` and `status` as the provider wrote them; used for matching and in the message. */
  labels: string[];
  named: ProviderErrorLabels;
  /** Free text; may quote the prompt. */
  text: string;
}

const LABEL = /^[\w.\-[\]:/ ]{1,80}$/;
/** A long run of letters and digits is a key or an id, not a name for a kind of error. */
const RANDOM = /(?=[a-z]*\d)[a-z\d]{20,}/i;

function label(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && LABEL.test(text) && !RANDOM.test(text) ? text : undefined;
}

function errorFields(body: unknown): ErrorFields {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const raw = isJsonObject(outer) ? (outer.error ?? outer) : outer;
  if (!isJsonObject(raw)) return { labels: [], named: {}, text: textOf(raw) };
  return {
    labels: [raw.code, raw.type, raw.status].map(label).filter((each) => each !== undefined),
    named: { code: label(raw.code), type: label(raw.type), param: label(raw.param) },
    text: typeof raw.message === 'string' ? raw.message : textOf(raw),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || value === undefined) return value ?? '';
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deeply to be written; what it says is not needed.
    return '';
  }
}

interface Classification {
  code: ErrorCode;
  retryable: boolean;
  advice: string;
}

const matches = (fields: Pick<ErrorFields, 'labels' | 'text'>, pattern: RegExp) =>
  fields.labels.some((l) => pattern.test(l)) || pattern.test(fields.text);

const CONTEXT_TOO_LONG =
  /context_length_exceeded|context_length|maximum context length|context window|prompt is too long|too many tokens|input token count/i;
const MODEL_NOT_FOUND =
  /model_not_found|model_decommissioned|model.{0,120}(not found|does not exist|not exist|decommissioned)/is;

function classify(status: number | undefined, fields: ErrorFields): Classification {
  if (status === 401 || status === 403 || matches(fields, /invalid_api_key|authentication_error/)) {
    return { code: 'auth', retryable: false, advice: 'the key was refused' };
  }
  if (status === 429 || matches(fields, /rate_limit|overloaded_quota|RESOURCE_EXHAUSTED/)) {
    return {
      code: 'rate_limited',
      retryable: true,
      advice: 'the rate limit is used up: add a backup model or ask for a higher limit',
    };
  }
  if (status === 413 || matches(fields, CONTEXT_TOO_LONG)) {
    return {
      code: 'context_too_long',
      retryable: false,
      advice: 'the prompt is longer than the model accepts: trim the history',
    };
  }
  if (matches(fields, MODEL_NOT_FOUND)) {
    return { code: 'model_not_found', retryable: false, advice: 'the model does not exist' };
  }
  if (status === undefined || status >= 500 || status === 408) {
    return {
      code: 'provider_unavailable',
      retryable: true,
      advice: 'the provider failed: try again, or add a backup model',
    };
  }
  if (status === 404 || status === 405) {
    return {
      code: 'not_an_api',
      retryable: false,
      advice: 'nothing answers at this path: check the base URL (most end in /v1)',
    };
  }
  return {
    code: 'bad_request',
    retryable: false,
    advice: 'the request was refused: check tools, their schemas and the extra fields',
  };
}

/** Input of `failureFromBody`. */
export interface FailureContext {
  provider: string;
  /** HTTP status; absent for an error frame inside a stream. */
  status?: number | undefined;
  /** The parsed body, or its text. */
  body: unknown;
  /** The body is a web page, of a proxy or a firewall in between: only the status says what is wrong. */
  isPage?: boolean | undefined;
  /** Time that the provider asked to wait, ms. */
  retryAfterMs?: number | undefined;
  /** Environment variable of the key, for the message. */
  keyVariable?: string | undefined;
  hasKey?: boolean | undefined;
}

/** The typed error for a provider's error body or error frame. */
export function failureFromBody(facts: FailureContext): ProviderError {
  const fields = errorFields(facts.body);
  const { code, retryable, advice } = classify(facts.status, facts.isPage ? { ...fields, text: '' } : fields);
  const labels = [...new Set(fields.labels)].filter((l) => l !== String(facts.status));
  const said = [
    facts.status === undefined ? 'reported an error in its stream' : `answered ${facts.status}`,
    facts.isPage ? ' with a web page' : '',
    labels.length > 0
      ? ` (${labels.join(', ')}${fields.named.param ? `, at ${fields.named.param}` : ''})`
      : '',
  ].join('');
  return new ProviderError(
    code,
    `${facts.provider} ${said}: ${code === 'auth' ? keyAdvice(facts) : advice}.`,
    {
      provider: facts.provider,
      status: facts.status,
      retryable,
      retryAfterMs: facts.retryAfterMs,
      providerText: fields.text,
      labels: fields.named,
    },
  );
}

function keyAdvice({ hasKey, keyVariable, isPage }: FailureContext): string {
  const where = keyVariable ?? 'the apiKey option';
  if (isPage)
    return `a proxy or firewall in between refused the request, or the key was refused: check ${where}`;
  return hasKey ? `the key was refused: check ${where}` : `a key is needed: set ${where}`;
}
