import { bearer, openAiWire, PROVIDERS, type Provider } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { type BenchTarget, CUSTOM } from './target.js';

type Env = Record<string, string | undefined>;

/** What it takes to ask a target. */
export interface TargetAccess {
  provider: Provider;
  baseUrl?: string;
  apiKey?: string;
  keyVariable?: string;
}

/** LiveKit's key has two halves. */
const LIVEKIT_VARIABLES = ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];
const EMULATOR_OFFER =
  'Without any key: firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini (published delays, not measured ones).';

function customProvider(baseUrl: string): Provider {
  return { name: CUSTOM, label: CUSTOM, baseUrl, wire: openAiWire, needsKey: false, auth: bearer };
}

function customAccess(target: BenchTarget, env: Env): TargetAccess {
  const baseUrl = target.baseUrl ?? env.FIRSTWORD_LLM_BASE_URL;
  if (!baseUrl) {
    throw new FirstwordError(
      'bad_input',
      `${target.text} needs an address: write custom:${target.model}@http://host:8000/v1, or set FIRSTWORD_LLM_BASE_URL.`,
    );
  }
  if (!(/^https?:/.test(baseUrl) && URL.canParse(baseUrl))) {
    throw new FirstwordError(
      'bad_input',
      'FIRSTWORD_LLM_BASE_URL is no address: write http://HOST:PORT/v1, or https://….',
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

/** @throws FirstwordError `bad_input` for a `custom` target without an address */
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

/** True where the provider takes nobody without a key. Behind an address of the user's own, who knows. */
const needsKey = ({ provider, baseUrl }: TargetAccess) =>
  provider.needsKey !== false && baseUrl === undefined;

/**
 * Refuses targets whose keys are missing, before anything is sent.
 * @throws FirstwordError `bad_input` naming every variable that is missing, and offering the emulator
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

/** What to say where no target was named and the environment configures none. */
export function noTargetError(): FirstwordError {
  const variables = PROVIDERS.filter(({ needsKey }) => needsKey !== false).flatMap(variablesOf);
  return new FirstwordError(
    'bad_input',
    `Name what is to be measured: firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini. Keys come from ${variables.join(', ')}. ${EMULATOR_OFFER}`,
  );
}
