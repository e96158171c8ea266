import type { ProviderName } from '../profiles/profiles.js';
import type { Headroom, LimitKind } from './limiter.js';

/** `2m59.56s`, `7.66s`, `12ms`: durations as OpenAI and Groq write them. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Number(((ms % 60_000) / 1000).toFixed(2));
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

type Namer = (headroom: Headroom, wallMs: number) => [string, string][];

/** Names as `x-ratelimit-{limit,remaining,reset}-<what>`. */
function xRatelimit(names: Partial<Record<LimitKind, string>>, reset: (ms: number) => string): Namer {
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

const anthropic: Namer = ({ kind, limit, remaining, resetMs }, wallMs) => {
  if (kind === 'requestsPerDay') return [];
  const name = `anthropic-ratelimit-${kind === 'tokensPerMinute' ? 'tokens' : 'requests'}`;
  return [
    [`${name}-limit`, String(limit)],
    [`${name}-remaining`, String(remaining)],
    [`${name}-reset`, new Date(wallMs + resetMs).toISOString().replace(/\.\d+Z$/, 'Z')],
  ];
};

const openai = xRatelimit({ requestsPerMinute: 'requests', tokensPerMinute: 'tokens' }, durationText);

/** Groq's `-requests` are per day and its `-tokens` per minute; Cerebras names the span, and resets in seconds. */
const NAMERS: Partial<Record<ProviderName, Namer>> = {
  openai,
  groq: xRatelimit({ requestsPerDay: 'requests', tokensPerMinute: 'tokens' }, durationText),
  cerebras: xRatelimit({ requestsPerDay: 'requests-day', tokensPerMinute: 'tokens-minute' }, (ms) =>
    String(ms / 1000),
  ),
  anthropic,
  google: () => [],
};

/** The limit headers of a response, in its provider's words. Empty where no limits are set: none are made up. */
export function limitHeaders(
  provider: ProviderName,
  headroom: Headroom[],
  wallMs: number,
): Record<string, string> {
  const namer = NAMERS[provider] ?? openai;
  return Object.fromEntries(headroom.flatMap((h) => namer(h, wallMs)));
}
