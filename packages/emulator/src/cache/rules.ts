import type { ProviderName } from '../profiles/profiles.js';

/** How a provider caches prompt prefixes. */
export interface CacheRule {
  /** Prompts with a shorter cacheable prefix are never cached, and nothing says so. */
  minTokens: number;
  /** Prefixes match in whole blocks of this size. */
  blockTokens: number;
  /** An entry is forgotten when nobody used it for this long. */
  ttlMs: number;
  /** Where the figures come from. */
  source: string;
}

const FIVE_MINUTES_MS = 300_000;

const AUTOMATIC: CacheRule = {
  minTokens: 1024,
  blockTokens: 128,
  ttlMs: FIVE_MINUTES_MS,
  source: 'OpenAI: caching from 1,024 tokens [cited]; block and lifetime: assumption',
};

const RULES: Record<ProviderName, CacheRule> = {
  openai: AUTOMATIC,
  groq: { ...AUTOMATIC, source: 'assumption: as OpenAI' },
  cerebras: { ...AUTOMATIC, source: 'assumption: as OpenAI' },
  synthetic: { ...AUTOMATIC, source: 'synthetic: as OpenAI' },
  anthropic: {
    ...AUTOMATIC,
    minTokens: 4096,
    source: 'Claude Haiku 4.5: 4,096 tokens, below silently nothing, 5 minutes [cited]; block: assumption',
  },
  google: { ...AUTOMATIC, minTokens: 2048, source: 'Gemini 2.5 Flash: implicit from 2,048 tokens [cited]' },
  vllm: {
    ...AUTOMATIC,
    minTokens: 16,
    blockTokens: 16,
    source: 'vLLM: prefix caching by default [cited]; block: assumption',
  },
};

export function cacheRuleOf(provider: ProviderName): CacheRule {
  return RULES[provider];
}

/** Published for OpenAI: a cached prompt's TTFT is ~7 % shorter at 1k tokens and ~67 % at 150k [cited]. */
const PUBLISHED_GAIN = { from: { tokens: 1_000, share: 0.07 }, to: { tokens: 150_000, share: 0.67 } };

/**
 * The share of the TTFT that a cached prefix saves: linear in the logarithm of its tokens between the two published
 * points (the shape between them is an assumption, as is using OpenAI's figures for others), for the cached part of
 * the prompt.
 */
export function cacheGain(cachedTokens: number, promptTokens: number): number {
  if (cachedTokens <= 0 || promptTokens <= 0) return 0;
  const { from, to } = PUBLISHED_GAIN;
  const along = Math.log(cachedTokens / from.tokens) / Math.log(to.tokens / from.tokens);
  const share = from.share + Math.min(1, along) * (to.share - from.share);
  return Math.max(0, share) * Math.min(1, cachedTokens / promptTokens);
}
