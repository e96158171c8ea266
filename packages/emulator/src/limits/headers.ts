import type { ProviderName } from '../profiles/profiles.js';
import type { Headroom, LimitKind } from './limiter.js';

/** A duration in the format of OpenAI and Groq: `2m59.56s`, `7.66s`, `12ms`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Number(((ms % 60_000) / 1000).toFixed(2));
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

type HeaderWriter = (headroom: Headroom, wallMs: number) => [string, string][];

/** Writes `x-ratelimit-{limit,remaining,reset}-<name>` headers. */
function xRatelimit(names: Partial<Record<LimitKind, string>>, reset: (ms: number) => string): HeaderWriter {
  return ({ kind, limit, remaining, resetMs }) => {
    const name = names[kind];
    if (!name) return [];
    return [
      [`x-ratelimit-limit-${name}`, String(limit)],
      [`x-ratelimit-remaining-${name}`, String(remaining)],
      [`x-ratelimit-reset-${name}`, reset(resetMs)],
    ];
  };
}

const anthropic: HeaderWriter = ({ kind, limit, remaining, resetMs }, wallMs) => {
  if (kind === 'requestsPerDay') return [];
  const name = `anthropic-ratelimit-${kind === 'tokensPerMinute' ? 'tokens' : 'requests'}`;
  return [
    [`${name}-limit`, String(limit)],
    [`${name}-remaining`, String(remaining)],
    [`${name}-reset`, new Date(wallMs + resetMs).toISOString().replace(/\.\d+Z$/, 'Z')],
  ];
};

const openai = xRatelimit({ requestsPerMinute: 'requests', tokensPerMinute: 'tokens' }, durationText);

/** At Groq `-requests` is per day and `-tokens` per minute. Cerebras names the period and gives resets in seconds. */
const HEADER_WRITERS: Partial<Record<ProviderName, HeaderWriter>> = {
  openai,
  groq: xRatelimit({ requestsPerDay: 'requests', tokensPerMinute: 'tokens' }, durationText),
  cerebras: xRatelimit({ requestsPerDay: 'requests-day', tokensPerMinute: 'tokens-minute' }, (ms) =>
    String(ms / 1000),
  ),
  anthropic,
  google: () => [],
};

/** The rate-limit headers of a response, named as its provider names them. Empty when no limits are configured. */
export function limitHeaders(
  provider: ProviderName,
  headroom: Headroom[],
  wallMs: number,
): Record<string, string> {
  const writer = HEADER_WRITERS[provider] ?? openai;
  return Object.fromEntries(headroom.flatMap((h) => writer(h, wallMs)));
}
