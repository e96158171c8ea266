import type { Limit, RequestTrace } from '../trace.js';

/** Response headers with lower-case names. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** The first value of a header. */
export function header(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longest duration that is believed, ms: limits are reset after a day or a month. */
const MAX_RESET_MS = 31 * UNIT_MS.d!;

const within = (ms: number) => Math.min(Math.max(0, ms), MAX_RESET_MS);

/**
 * Parses a duration as providers write it: `12ms`, `7.66s`, `1m26.4s`, plain seconds, or a date. A date is counted from
 * `fromMs`, Unix time. Returns ms, at most 31 days; `undefined` for anything else.
 */
export function parseResetMs(text: string | undefined, fromMs: number): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return within(seconds * 1_000);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length > 0 && parts.map(([whole]) => whole).join('') === text.trim()) {
    return within(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0));
  }
  // Date.parse takes "soon 5" for a day of 2001: only ISO dates and HTTP dates are read.
  const isDate = /^\d{4}-\d\d-\d\d[T ]|^(mon|tue|wed|thu|fri|sat|sun)/i.test(text.trim());
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : within(atMs - fromMs);
}

/** The server's time of the response, Unix ms. Dates in its headers are on this clock; ours may differ by minutes. */
export function serverTimeMs(headers: ResponseHeaders, wallMs: number): number {
  const atMs = Date.parse(header(headers, 'date') ?? '');
  return Number.isNaN(atMs) ? wallMs : atMs;
}

/** How long the provider asks to wait before the next request, ms. `retry-after-ms` is OpenAI's and Azure's. */
export function retryAfterMs(headers: ResponseHeaders, wallMs: number): number | undefined {
  const exact = header(headers, 'retry-after-ms');
  return (
    (exact === undefined ? undefined : parseResetMs(`${exact.trim()}ms`, wallMs)) ??
    parseResetMs(header(headers, 'retry-after'), serverTimeMs(headers, wallMs))
  );
}

/** A number of requests or tokens; `undefined` for anything else, such as -1 for "unlimited". */
function amount(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Names of the rate-limit headers: OpenAI and Groq, Cerebras, Anthropic. `*` stands for limit, remaining or reset. */
const LIMIT_HEADERS = {
  requests: ['x-ratelimit-*-requests', 'x-ratelimit-*-requests-day', 'anthropic-ratelimit-requests-*'],
  tokens: ['x-ratelimit-*-tokens', 'x-ratelimit-*-tokens-minute', 'anthropic-ratelimit-tokens-*'],
};

function readLimit(headers: ResponseHeaders, names: string[], fromMs: number): Limit | undefined {
  for (const name of names) {
    const field = (part: string) => header(headers, name.replace('*', part));
    const remaining = amount(field('remaining'));
    if (remaining === undefined) continue;
    const limit = amount(field('limit'));
    const resetMs = parseResetMs(field('reset'), fromMs);
    return {
      remaining,
      ...(limit === undefined ? {} : { limit }),
      ...(resetMs === undefined ? {} : { resetMs }),
    };
  }
  return undefined;
}

/** Copies what the response headers contain into the trace: emulator profile, request id and rate limits. */
export function readHeaders(trace: RequestTrace, headers: ResponseHeaders, wallMs: number): void {
  const profile = header(headers, 'x-firstword-emulated');
  if (profile !== undefined) {
    trace.emulated = true;
    trace.profile = profile;
  }
  const requestId = header(headers, 'x-request-id') ?? header(headers, 'request-id');
  if (requestId !== undefined) trace.requestId = requestId;
  const fromMs = serverTimeMs(headers, wallMs);
  const requests = readLimit(headers, LIMIT_HEADERS.requests, fromMs);
  const tokens = readLimit(headers, LIMIT_HEADERS.tokens, fromMs);
  if (requests || tokens) {
    trace.limits = { ...(requests ? { requests } : {}), ...(tokens ? { tokens } : {}) };
    trace.headroom = {
      ...(requests ? { requests: requests.remaining } : {}),
      ...(tokens ? { tokens: tokens.remaining } : {}),
    };
  }
}
