import type { Limit, RequestTrace } from '../trace.js';

/** Response headers with lower-case names. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** The first value of a header. */
export function header(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses a duration as providers write it: `12ms`, `7.66s`, `1m26.4s`, plain seconds, or a date. Returns ms from
 * `wallMs`.
 */
export function parseResetMs(text: string | undefined, wallMs: number): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)];
  if (parts.length > 0 && parts.map(([whole]) => whole).join('') === text.trim()) {
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  }
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - wallMs);
}

/** Names of the rate-limit headers: OpenAI and Groq, Cerebras, Anthropic. `*` stands for limit, remaining or reset. */
const LIMIT_HEADERS = {
  requests: ['x-ratelimit-*-requests', 'x-ratelimit-*-requests-day', 'anthropic-ratelimit-requests-*'],
  tokens: ['x-ratelimit-*-tokens', 'x-ratelimit-*-tokens-minute', 'anthropic-ratelimit-tokens-*'],
};

function readLimit(headers: ResponseHeaders, names: string[], wallMs: number): Limit | undefined {
  for (const name of names) {
    const field = (part: string) => header(headers, name.replace('*', part));
    const remaining = Number(field('remaining') ?? Number.NaN);
    if (!Number.isFinite(remaining)) continue;
    const limit = Number(field('limit') ?? Number.NaN);
    const resetMs = parseResetMs(field('reset'), wallMs);
    return {
      remaining,
      ...(Number.isFinite(limit) ? { limit } : {}),
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
  const requests = readLimit(headers, LIMIT_HEADERS.requests, wallMs);
  const tokens = readLimit(headers, LIMIT_HEADERS.tokens, wallMs);
  if (requests || tokens) {
    trace.limits = { ...(requests ? { requests } : {}), ...(tokens ? { tokens } : {}) };
    trace.headroom = {
      ...(requests ? { requests: requests.remaining } : {}),
      ...(tokens ? { tokens: tokens.remaining } : {}),
    };
  }
}
