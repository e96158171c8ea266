import { FirstwordError } from '@firstword/turn';
import { openAiWire } from '../wire/openai/index.js';
import { bedrockProviderFor } from './bedrock/index.js';
import { PROVIDERS } from './index.js';
import { CUSTOM_PROVIDER, type ModelSpec } from './model-spec.js';
import { bearer, type Provider } from './provider.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Provider, base URL and API key of a model. */
export interface ModelAccess {
  provider: Provider;
  baseUrl?: string;
  apiKey?: string;
  /** Name of the environment variable with the key, for messages; two names joined by `and` for LiveKit. */
  keyVariable?: string;
}

/** LiveKit Inference needs both variables; they are joined to one key. */
const LIVEKIT_VARIABLES = ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];

function customProvider(baseUrl: string): Provider {
  return {
    name: CUSTOM_PROVIDER,
    label: CUSTOM_PROVIDER,
    baseUrl,
    wire: openAiWire,
    needsKey: false,
    auth: bearer,
  };
}

function customAccess(spec: ModelSpec, env: Env): ModelAccess {
  const baseUrl = spec.baseUrl ?? env.FIRSTWORD_LLM_BASE_URL;
  if (!baseUrl) {
    throw new FirstwordError(
      'bad_input',
      `${spec.text} needs a base URL: write custom:${spec.model}@http://host:8000/v1, or set FIRSTWORD_LLM_BASE_URL.`,
    );
  }
  if (!(/^https?:/.test(baseUrl) && URL.canParse(baseUrl))) {
    throw new FirstwordError(
      'bad_input',
      'FIRSTWORD_LLM_BASE_URL is not a URL: write http://HOST:PORT/v1, or https://….',
    );
  }
  const apiKey = env.FIRSTWORD_LLM_API_KEY;
  const keyVariable = 'FIRSTWORD_LLM_API_KEY';
  return { provider: customProvider(baseUrl), baseUrl, keyVariable, ...(apiKey ? { apiKey } : {}) };
}

/** The environment variables that hold the key of a provider: none, one, or for LiveKit two. */
export function keyVariablesOf({ name, keyVariable }: Provider): string[] {
  if (name === 'livekit') return LIVEKIT_VARIABLES;
  return keyVariable ? [keyVariable] : [];
}

/**
 * Resolves provider, base URL and API key of a model. A missing key is not an error here.
 * @param env environment with the API keys; default `process.env`
 * @throws FirstwordError `bad_input` for a `custom` model without a base URL
 */
export function accessToModel(spec: ModelSpec, env: Env = process.env): ModelAccess {
  if (spec.provider === CUSTOM_PROVIDER) return customAccess(spec, env);
  const provider =
    spec.provider === 'bedrock'
      ? bedrockProviderFor(spec.model)
      : PROVIDERS.find(({ name }) => name === spec.provider)!;
  const variables = keyVariablesOf(provider);
  const values = variables.map((variable) => env[variable]);
  const apiKey = values.length > 0 && values.every(Boolean) ? values.join(':') : undefined;
  return {
    provider,
    ...(spec.baseUrl === undefined ? {} : { baseUrl: spec.baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(variables.length > 0 ? { keyVariable: variables.join(' and ') } : {}),
  };
}

/** Whether a model needs a key. Unknown for one with its own base URL, so none is demanded there. */
export const modelNeedsKey = ({ provider, baseUrl }: ModelAccess): boolean =>
  provider.needsKey !== false && baseUrl === undefined;
