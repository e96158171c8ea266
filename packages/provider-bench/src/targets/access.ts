import { bearer, openAiWire, PROVIDERS, type Provider } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { type BenchTarget, CUSTOM } from './target.js';

type Env = Record<string, string | undefined>;

/** Provider, base URL and API key of a target. */
export interface TargetAccess {
  provider: Provider;
  baseUrl?: string;
  apiKey?: string;
  /** Name of the environment variable with the key, for messages. */
  keyVariable?: string;
}

/** LiveKit Inference needs both variables; they are joined to one key. */
const LIVEKIT_VARIABLES = ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];
const EMULATOR_OFFER =
  'To try it without a key: firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini (replays published delays).';

function customProvider(baseUrl: string): Provider {
  return { name: CUSTOM, label: CUSTOM, baseUrl, wire: openAiWire, needsKey: false, auth: bearer };
}

function customAccess(target: BenchTarget, env: Env): TargetAccess {
  const baseUrl = target.baseUrl ?? env.FIRSTWORD_LLM_BASE_URL;
  if (!baseUrl) {
    throw new FirstwordError(
      'bad_input',
      `${target.text} needs a base URL: write custom:${target.model}@http://host:8000/v1, or set FIRSTWORD_LLM_BASE_URL.`,
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

function variablesOf({ name, keyVariable }: Provider): string[] {
  if (name === 'livekit') return LIVEKIT_VARIABLES;
  return keyVariable ? [keyVariable] : [];
}

/**
 * Resolves provider, base URL and API key of a target.
 * @param env environment with the API keys
 * @throws FirstwordError `bad_input` for a `custom` target without a base URL
 */
export function accessTo(target: BenchTarget, env: Env = process.env): TargetAccess {
  if (target.provider === CUSTOM) return customAccess(target, env);
  const provider = PROVIDERS.find(({ name }) => name === target.provider)!;
  const variables = variablesOf(provider);
  const values = variables.map((variable) => env[variable]);
  const apiKey = values.length > 0 && values.every(Boolean) ? values.join(':') : undefined;
  return {
    provider,
    ...(target.baseUrl === undefined ? {} : { baseUrl: target.baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(variables.length > 0 ? { keyVariable: variables.join(' and ') } : {}),
  };
}

/** Whether a key is required. Unknown for a target with its own base URL, so none is demanded there. */
const needsKey = ({ provider, baseUrl }: TargetAccess) =>
  provider.needsKey !== false && baseUrl === undefined;

/**
 * Checks that the API keys of all targets are set.
 * @throws FirstwordError `bad_input` naming every missing variable, and suggesting the emulator
 */
export function checkKeys(targets: readonly BenchTarget[], env: Env = process.env): void {
  const missing = targets
    .filter(({ emulated }) => !emulated)
    .map((target) => ({ target, access: accessTo(target, env) }))
    .filter(({ access }) => needsKey(access) && access.apiKey === undefined)
    .map(({ target, access }) => `${access.keyVariable} for ${target.text}`);
  if (missing.length === 0) return;
  const all = [...new Set(missing)];
  throw new FirstwordError(
    'bad_input',
    `${all.length === 1 ? 'A key is missing' : 'Keys are missing'}: set ${all.join(', ')}. ${EMULATOR_OFFER}`,
  );
}

/** The error for a run without targets, listing the API key variables and suggesting the emulator. */
export function noTargetError(): FirstwordError {
  const variables = PROVIDERS.filter(({ needsKey }) => needsKey !== false).flatMap(variablesOf);
  return new FirstwordError(
    'bad_input',
    `Name the targets to measure: firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini. API keys are read from ${variables.join(', ')}. ${EMULATOR_OFFER}`,
  );
}
