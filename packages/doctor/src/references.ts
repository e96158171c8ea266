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
  /** The day on which it was read there, or published. Absent for a user's own range. */
  readOn?: string;
}

const AIEWF = {
  source: 'kwindla/aiewf-eval: first answer token, prompt of about 12,000 tokens',
  readOn: '2026-08-18',
} as const;

const own = (provider: string, models: readonly string[], p50Ms: number, p95Ms: number): PublishedTtft => ({
  provider,
  models,
  p50Ms,
  p95Ms,
  ...AIEWF,
});

/** One deployment in the EU with provisioned throughput, a prompt of 26,000 characters. */
const AZURE = {
  source: 'learn.microsoft.com/answers/questions/5923658: one deployment in the EU, provisioned throughput',
  readOn: '2026-06-18',
} as const;

/**
 * Published times to first answer token. For models that the emulator also has, the figures are the same; a test compares
 * both. Models that reason are listed with reasoning off or minimal. A shorter prompt is faster.
 */
export const PUBLISHED_TTFT: readonly PublishedTtft[] = [
  own('groq', ['gpt-oss-120b'], 98, 217),
  own('cerebras', ['kimi-k2.6'], 256, 480),
  { provider: 'azure', models: ['gpt-4.1-mini'], p50Ms: 900, p95Ms: 1350, ...AZURE },
  { provider: 'azure', models: ['gpt-5.4-mini'], p50Ms: 1100, p95Ms: 1900, ...AZURE },
  own('openai', ['gpt-4o'], 546, 1369),
  own('openai', ['gpt-4o-mini'], 553, 1947),
  own('openai', ['gpt-4.1'], 536, 1771),
  own('openai', ['gpt-4.1-mini'], 851, 2135),
  own('openai', ['gpt-5-mini'], 682, 1132),
  own('openai', ['gpt-5.1'], 739, 1492),
  own('openai', ['gpt-5.2'], 624, 1171),
  own('openai', ['gpt-5.4'], 689, 1723),
  own('openai', ['gpt-5.4-mini'], 459, 731),
  own('openai', ['gpt-5.5'], 875, 2177),
  own('openai', ['gpt-5.6-terra'], 621, 1870),
  own('openai', ['gpt-5.6-luna'], 671, 2304),
  own('openai', ['gpt-5.6-sol'], 1098, 2625),
  own('anthropic', ['claude-haiku-4-5', 'claude-haiku-4.5'], 637, 1615),
  own('anthropic', ['claude-sonnet-4-6', 'claude-sonnet-4.6'], 850, 4126),
  own('anthropic', ['claude-sonnet-5'], 1204, 2465),
  own('google', ['gemini-2.5-flash'], 550, 850),
  own('google', ['gemini-3.5-flash'], 892, 1183),
  own('google', ['gemini-3.5-flash-lite'], 591, 679),
  own('google', ['gemini-3.6-flash'], 798, 984),
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

/** Hosts whose models are also served elsewhere: their figures hold for themselves alone. */
const ALONE = ['groq', 'cerebras', 'azure'];

/** Whether a provider as records name it, such as `acme.openai.azure.com`, is this host. */
function isHost(named: string, host: string): boolean {
  const name = hostOf(named);
  return name.includes(host) && (host === 'azure' || !name.includes('azure'));
}

/** A machine of the user's own, or a port: no published figure is of it. */
const isOwnHost = (provider: string): boolean => /localhost|^\d+\.\d+\.\d+\.\d+|:\d{2,5}$/.test(provider);

/**
 * The published range of a model at its provider; `undefined` if none is published.
 * @param ranges the user's own, which come first
 */
export function publishedTtft(
  llm: { provider: string; model: string },
  ranges: readonly PublishedTtft[] = [],
): PublishedTtft | undefined {
  const wanted = bareModel(llm.model);
  const fits = [...ranges, ...PUBLISHED_TTFT].filter(({ models }) => models.map(bareModel).includes(wanted));
  // A model with several hosts needs the host.
  const atHost = fits.find(({ provider }) => isHost(llm.provider, provider));
  if (atHost || isOwnHost(llm.provider) || isHost(llm.provider, 'azure')) return atHost;
  return fits.find(({ provider }) => !ALONE.includes(provider));
}

/** The slowest published p95 of any model at this host. */
export function publishedAt(provider: string): PublishedTtft | undefined {
  const atHost = PUBLISHED_TTFT.filter((one) => isHost(provider, one.provider));
  return atHost.sort((a, b) => b.p95Ms - a.p95Ms)[0];
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
