import type { TtftPercentiles } from './ttft.js';

/** The provider whose headers, usage fields and error bodies are imitated. */
export type ProviderName = 'openai' | 'groq' | 'cerebras' | 'anthropic' | 'google' | 'vllm' | 'synthetic';

/** The latency of one model at one provider. The figures were published by others; the emulator only reproduces them. */
export interface Profile {
  /** Short name, used by `profile` options and `--profile`. */
  name: string;
  /** The model id listed by `GET /v1/models`. A request that names it is served by this profile. */
  model: string;
  /** Other ids of the same model. */
  aliases: readonly string[];
  /** Whose headers, usage fields and error bodies the responses have. */
  provider: ProviderName;
  /** Percentiles of the time to the first content token. */
  ttft: TtftPercentiles;
  /** The source of `ttft`. */
  source: string;
  /** Output speed after the first token, tokens per second. */
  tokensPerSecond: number;
  /** The source of `tokensPerSecond`. */
  tokensPerSecondSource: string;
  /** When the model streams reasoning deltas before its content. */
  reasoning: 'by-default' | 'on-request' | 'never';
  /** True for made-up test figures that describe no provider. */
  synthetic?: boolean;
}

const AIEWF = 'kwindla/aiewf-eval 2026, first answer token, ~12k-token prompt [cited]';
const VLLM = 'vLLM Qwen2.5-7B on one A6000, 2026-06 [cited]; no maximum published';
const ASSUMED_SPEED = 'assumption: no published measurement; set tokensPerSecond to your own figure';

/** Fields that most profiles share. */
const HOSTED = {
  source: AIEWF,
  tokensPerSecondSource: ASSUMED_SPEED,
  tokensPerSecond: 80,
  reasoning: 'never',
} as const;

function vllm(concurrency: number, p50Ms: number, p95Ms: number): Profile {
  return {
    name: `vllm-qwen2.5-7b-c${concurrency}`,
    model: `Qwen/Qwen2.5-7B-Instruct@vllm-c${concurrency}`,
    aliases: [],
    provider: 'vllm',
    ttft: { p50Ms, p95Ms },
    source: `${VLLM}; concurrency ${concurrency}`,
    tokensPerSecond: 60,
    tokensPerSecondSource: ASSUMED_SPEED,
    reasoning: 'never',
  };
}

/**
 * The published TTFT distributions. Groq's retired Llama models are missing because only a median of few samples was
 * published. Groq's free tier is a queue rather than a distribution: see the `groq-free-tier` limits.
 */
export const PROFILES: readonly Profile[] = [
  {
    ...HOSTED,
    name: 'groq-gpt-oss-120b',
    model: 'openai/gpt-oss-120b@groq',
    aliases: ['openai/gpt-oss-120b', 'groq/gpt-oss-120b', 'gpt-oss-120b'],
    provider: 'groq',
    ttft: { p50Ms: 98, p95Ms: 217, maxMs: 2117 },
    source: `${AIEWF}; may be optimistic: another probe saw 318 ms to a first chunk with no content in it`,
    tokensPerSecond: 500,
    reasoning: 'by-default',
  },
  {
    ...HOSTED,
    name: 'cerebras-kimi-k2.6',
    model: 'kimi-k2.6@cerebras',
    aliases: ['kimi-k2.6', 'cerebras/kimi-k2.6'],
    provider: 'cerebras',
    ttft: { p50Ms: 256, p95Ms: 480, maxMs: 1639 },
    tokensPerSecond: 1000,
  },
  {
    ...HOSTED,
    name: 'gpt-4o-mini',
    model: 'gpt-4o-mini@openai',
    aliases: ['openai/gpt-4o-mini'],
    provider: 'openai',
    ttft: { p50Ms: 553, p95Ms: 1947, maxMs: 6497 },
  },
  {
    ...HOSTED,
    name: 'gpt-4.1',
    model: 'gpt-4.1@openai',
    aliases: ['openai/gpt-4.1'],
    provider: 'openai',
    ttft: { p50Ms: 536, p95Ms: 1771, maxMs: 5056 },
  },
  {
    ...HOSTED,
    name: 'gpt-4.1-mini',
    model: 'gpt-4.1-mini@openai',
    aliases: ['openai/gpt-4.1-mini'],
    provider: 'openai',
    ttft: { p50Ms: 851, p95Ms: 2135, maxMs: 5945 },
  },
  {
    ...HOSTED,
    name: 'gpt-5.4-mini',
    model: 'gpt-5.4-mini@openai',
    aliases: ['openai/gpt-5.4-mini'],
    provider: 'openai',
    ttft: { p50Ms: 459, p95Ms: 731, maxMs: 2369 },
    source: `${AIEWF}; no reasoning`,
    reasoning: 'on-request',
  },
  {
    ...HOSTED,
    name: 'claude-haiku-4.5',
    model: 'claude-haiku-4-5@anthropic',
    aliases: ['claude-haiku-4-5', 'claude-haiku-4-5-20251001', 'anthropic/claude-haiku-4.5'],
    provider: 'anthropic',
    ttft: { p50Ms: 637, p95Ms: 1615, maxMs: 3152 },
    reasoning: 'on-request',
  },
  {
    ...HOSTED,
    name: 'gemini-2.5-flash',
    model: 'gemini-2.5-flash@google',
    aliases: ['google/gemini-2.5-flash', 'models/gemini-2.5-flash'],
    provider: 'google',
    ttft: { p50Ms: 550, p95Ms: 850, maxMs: 2352 },
    source: `${AIEWF}; thinking off`,
    reasoning: 'on-request',
  },
  vllm(8, 171, 177),
  vllm(64, 87, 163),
  vllm(256, 299, 517),
  vllm(512, 1043, 3564),
  {
    name: 'instant',
    model: 'instant',
    aliases: ['emulated'],
    provider: 'synthetic',
    ttft: { p50Ms: 0, p95Ms: 0, maxMs: 0 },
    source: 'synthetic: no delay, for tests; describes no provider',
    tokensPerSecond: Number.POSITIVE_INFINITY,
    tokensPerSecondSource: 'synthetic',
    reasoning: 'never',
    synthetic: true,
  },
];

/** The name of the profile used when no other is named. */
export const DEFAULT_PROFILE = 'groq-gpt-oss-120b';
