/**
 * Published figures to compare a user's figures with. All are in ms or tokens and have a source.
 */

/** The published time to first answer token of a model at its provider. */
export interface PublishedTtft {
  provider: string;
  /** Ids of the model, as records may have them. */
  models: readonly string[];
  p50Ms: number;
  p95Ms: number;
  source: string;
}

const AIEWF = 'kwindla/aiewf-eval 2026: first answer token, prompt of about 12,000 tokens';

/** Time to first answer token. The same figures as the emulator's profiles play: a test compares both. */
export const PUBLISHED_TTFT: readonly PublishedTtft[] = [
  { provider: 'groq', models: ['gpt-oss-120b'], p50Ms: 98, p95Ms: 217, source: AIEWF },
  { provider: 'cerebras', models: ['kimi-k2.6'], p50Ms: 256, p95Ms: 480, source: AIEWF },
  { provider: 'openai', models: ['gpt-4o-mini'], p50Ms: 553, p95Ms: 1947, source: AIEWF },
  { provider: 'openai', models: ['gpt-4.1'], p50Ms: 536, p95Ms: 1771, source: AIEWF },
  { provider: 'openai', models: ['gpt-4.1-mini'], p50Ms: 851, p95Ms: 2135, source: AIEWF },
  { provider: 'openai', models: ['gpt-5.4-mini'], p50Ms: 459, p95Ms: 731, source: AIEWF },
  {
    provider: 'anthropic',
    models: ['claude-haiku-4-5', 'claude-haiku-4.5'],
    p50Ms: 637,
    p95Ms: 1615,
    source: AIEWF,
  },
  { provider: 'google', models: ['gemini-2.5-flash'], p50Ms: 550, p95Ms: 850, source: AIEWF },
];

/** `openai/gpt-oss-120b@groq`, `models/gemini-2.5-flash`, `gpt-4o-mini-2024-07-18` reduced to the model's name. */
function bareModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/^.*\//, '')
    .replace(/-\d{4}-?\d{2}-?\d{2}$/, '');
}

const hostOf = (provider: string): string => provider.toLowerCase().replace(/[^a-z]/g, '');

/** The published range of a model at its provider; `undefined` if none is published. */
export function publishedTtft(llm: { provider: string; model: string }): PublishedTtft | undefined {
  const wanted = bareModel(llm.model);
  const fits = PUBLISHED_TTFT.filter(({ models }) => models.includes(wanted));
  // A model with several hosts needs the host.
  const host = hostOf(llm.provider);
  return (
    fits.find(({ provider }) => host.includes(provider)) ??
    fits.find(({ provider }) => provider !== 'groq' && provider !== 'cerebras')
  );
}

/** The slowest published p95 of any model at this host. */
export function publishedAt(provider: string): PublishedTtft | undefined {
  const host = hostOf(provider);
  const own = PUBLISHED_TTFT.filter((one) => host.includes(one.provider));
  return own.sort((a, b) => b.p95Ms - a.p95Ms)[0];
}

/** Models that are no longer served. */
export const RETIRED_MODELS: readonly {
  provider: string;
  model: string;
  on: string;
  instead: string;
  source: string;
}[] = [
  {
    provider: 'groq',
    model: 'llama-3.3-70b-versatile',
    on: '2026-08-16',
    instead: 'openai/gpt-oss-120b',
    source: 'https://console.groq.com/docs/deprecations',
  },
  {
    provider: 'groq',
    model: 'llama-3.1-8b-instant',
    on: '2026-08-16',
    instead: 'openai/gpt-oss-20b',
    source: 'https://console.groq.com/docs/deprecations',
  },
  {
    provider: 'cerebras',
    model: 'llama-3.3-70b',
    on: '2026-02-16',
    instead: 'gpt-oss-120b',
    source: 'https://inference-docs.cerebras.ai/support/deprecation',
  },
];

/** Whether two ids name one model: provider prefixes, hosts and dates are ignored. */
export const isSameModel = (a: string, b: string): boolean => bareModel(a) === bareModel(b);

/** Speech-to-text, last speech to final transcript: Deepgram nova-3, the pipecat stt-benchmark's fastest by p50 and p95. */
export const GOOD_STT_FINAL_MS = { p50: 250, p95: 350 };

/** A voice's time to first byte that hosted voices reach: see docs/doctor/tts-first-byte.md. */
export const GOOD_TTS_MS = 200;

/** Silence before the first sound of synthesized speech: 150 to 250 ms is typical [kwindla/aiewf-eval]; trimmed, 20. */
export const TRIMMED_SILENCE_MS = 30;

/** Tokens a word takes by the script it is in, by the tokenizer: counted here (docs/doctor/token-inflation.md). */
export const TOKENS_PER_WORD = {
  english: 1.11,
  hindi: { o200k: 1.47, llama3: 2.45, cl100k: 4.83 },
} as const;
