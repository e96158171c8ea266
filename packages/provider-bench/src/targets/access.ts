import { accessToModel, keyVariablesOf, modelNeedsKey, PROVIDERS } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import type { BenchTarget } from './target.js';

type Env = Record<string, string | undefined>;

const EMULATOR_OFFER =
  'To try it without a key: firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini (replays published delays).';

/**
 * Checks that the API keys of all LLMs are set.
 * @throws FirstwordError `bad_input` naming every missing variable, and suggesting the emulator
 */
export function checkKeys(targets: readonly BenchTarget[], env: Env = process.env): void {
  const missing = targets
    .filter(({ kind, emulated }) => !kind && !emulated)
    .map((target) => ({ target, access: accessToModel(target, env) }))
    .filter(({ access }) => modelNeedsKey(access) && access.apiKey === undefined)
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
  const variables = PROVIDERS.filter(({ needsKey }) => needsKey !== false).flatMap(keyVariablesOf);
  return new FirstwordError(
    'bad_input',
    `Name the targets to measure: firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini. API keys are read from ${variables.join(', ')}. ${EMULATOR_OFFER}`,
  );
}
