import type { LanguageModel } from './model.js';
import { cerebras } from './providers/cerebras/index.js';
import { openAiCompatible } from './providers/compatible/index.js';
import { groq } from './providers/groq/index.js';
import { httpModel } from './providers/http-model.js';
import { openai } from './providers/openai/index.js';
import type { Provider } from './providers/provider.js';

/** A real provider for which the environment has a key or a base URL. */
export interface ConfiguredProvider {
  /** The provider's name: `groq`, `cerebras`, `openai`, or `custom` for FIRSTWORD_LLM_BASE_URL. */
  name: string;
  /** Display name, such as `Groq · openai/gpt-oss-120b`. */
  label: string;
  /** The environment variable that configured it. */
  source: string;
  /** Creates a model. The caller must close it. */
  create(): LanguageModel;
}

type Env = Record<string, string | undefined>;

/** Default models. Providers retire models, so each default can be overridden by the variable named beside it. */
const KEYED: { provider: Provider; model: string; modelVariable: string }[] = [
  { provider: groq, model: 'openai/gpt-oss-120b', modelVariable: 'GROQ_MODEL' },
  { provider: cerebras, model: 'gpt-oss-120b', modelVariable: 'CEREBRAS_MODEL' },
  { provider: openai, model: 'gpt-4.1-mini', modelVariable: 'OPENAI_MODEL' },
];

/**
 * A spoken answer is a few sentences long. Some rate limiters reserve this maximum up front, so a larger one would use up
 * more of the limit.
 */
const SPOKEN_ANSWER = { max_completion_tokens: 512 };

function compatible(env: Env): ConfiguredProvider[] {
  const baseUrl = env.FIRSTWORD_LLM_BASE_URL;
  if (!baseUrl) return [];
  const model = env.FIRSTWORD_LLM_MODEL || 'default';
  const apiKey = env.FIRSTWORD_LLM_API_KEY;
  return [
    {
      name: 'custom',
      label: `${URL.canParse(baseUrl) ? new URL(baseUrl).host : 'custom'} · ${model}`,
      source: 'FIRSTWORD_LLM_BASE_URL',
      create: () =>
        openAiCompatible({
          provider: 'custom',
          baseUrl,
          model,
          ...(apiKey ? { apiKey } : {}),
          keyVariable: 'FIRSTWORD_LLM_API_KEY',
        }),
    },
  ];
}

/**
 * The real providers that the environment configures, most specific first: FIRSTWORD_LLM_BASE_URL (with
 * FIRSTWORD_LLM_API_KEY and FIRSTWORD_LLM_MODEL), then GROQ_API_KEY, CEREBRAS_API_KEY and OPENAI_API_KEY (each with
 * its …_MODEL variable). Sends no requests.
 */
export function llmFromEnv(env: Env = process.env): ConfiguredProvider[] {
  const keyed = KEYED.flatMap(({ provider, model: usual, modelVariable }): ConfiguredProvider[] => {
    const source = provider.keyVariable!;
    const apiKey = env[source];
    if (!apiKey) return [];
    const model = env[modelVariable] || usual;
    return [
      {
        name: provider.name,
        label: `${provider.label} · ${model}`,
        source,
        create: () => httpModel(provider, { model, apiKey, extra: SPOKEN_ANSWER }),
      },
    ];
  });
  return [...compatible(env), ...keyed];
}
