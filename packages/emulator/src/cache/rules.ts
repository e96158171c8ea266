import type { ProviderName } from '../profiles/profiles.js';

/** How a provider caches prompt prefixes. */
export interface CacheRule {
  /** Shortest cacheable prefix, tokens. A shorter one is not cached, without an error. */
  minTokens: number;
  /** Prefixes match in whole blocks of this many tokens. */
  blockTokens: number;
  /** An entry expires when it was not used for this long, ms. */
  ttlMs: number;
  /** The source of the figures. */
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
    source:
      'Claude Haiku 4.5: 4,096 tokens, no caching and no error below, 5 minutes [cited]; block: assumption',
  },
  google: { ...AUTOMATIC, minTokens: 2048, source: 'Gemini 2.5 Flash: implicit from 2,048 tokens [cited]' },
  vllm: {
    ...AUTOMATIC,
    minTokens: 16,
    blockTokens: 16,
    source: 'vLLM: prefix caching by default [cited]; block: assumption',
  },
};

/** The caching rule of a provider. */
export function cacheRuleOf(provider: ProviderName): CacheRule {
  return RULES[provider];
}

/** Published for OpenAI: caching shortens the TTFT by ~7 % at 1k tokens and ~67 % at 150k [cited]. */
const PUBLISHED_GAIN = { from: { tokens: 1_000, share: 0.07 }, to: { tokens: 150_000, share: 0.67 } };

/**
 * The fraction of the TTFT, 0 to 1, that a cached prefix saves: linear in the logarithm of its token count between the
 * two published points, scaled by the cached part of the prompt. Assumptions: the shape between the points, and OpenAI's
 * figures for other providers.
 */
export function cacheGain(cachedTokens: number, promptTokens: number): number {
  if (cachedTokens <= 0 || promptTokens <= 0) return 0;
  const { from, to } = PUBLISHED_GAIN;
  const along = Math.log(cachedTokens / from.tokens) / Math.log(to.tokens / from.tokens);
  const share = from.share + Math.min(1, along) * (to.share - from.share);
  return Math.max(0, share) * Math.min(1, cachedTokens / promptTokens);
}
