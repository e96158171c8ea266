import { FirstwordError, redact, unknownName } from '@firstword/turn';
import { PROVIDERS } from './index.js';

/** A model at a provider, as users write it on a command line or in a file. */
export interface ModelSpec {
  /** `provider:model`, or `provider:model@URL` with its own base URL. */
  text: string;
  /** Name of a provider, or `emulated` or `custom`. */
  provider: string;
  /** The provider's name of the model; for `emulated`, a profile of the emulator. */
  model: string;
  /** Replaces the provider's base URL. */
  baseUrl?: string;
}

/** Provider name of models that the provider emulator answers for. */
export const EMULATED_PROVIDER = 'emulated';
/** Provider name of any other server with OpenAI-compatible chat completions. */
export const CUSTOM_PROVIDER = 'custom';

const EXAMPLE = 'such as groq:openai/gpt-oss-120b or emulated:gpt-4o-mini';

/** Looks like a mistyped URL. Without this check it would be taken as part of the model name. */
const LOOKS_LIKE_URL = /@(\S*:\/\/\S*|[\w.-]+:\d+\S*|\[[\da-f:]+\]\S*)$/i;

function checkAddress({ model, baseUrl }: { model: string; baseUrl: string | undefined }): void {
  const wrong = baseUrl === undefined ? LOOKS_LIKE_URL.test(model) : !URL.canParse(baseUrl);
  if (!wrong) return;
  const name = model.split('@', 1)[0];
  throw new FirstwordError(
    'bad_input',
    `the part after the @ of "${name}" is not a URL: write http://HOST:PORT/v1, or https://….`,
  );
}

function checkEmulated({ text, model, baseUrl }: ModelSpec, profiles: readonly string[] | undefined): void {
  if (baseUrl !== undefined) {
    throw new FirstwordError(
      'bad_input',
      `"${text}": the command starts its own emulator, so emulated:${model} takes no URL. For another emulator write custom:${model}@${baseUrl}.`,
    );
  }
  if (profiles && !profiles.includes(model)) throw unknownName('emulator profile', model, profiles);
}

/**
 * Parses `provider:model` or `provider:model@URL`.
 * @param options.profiles the profiles that `emulated:` may name; default: any
 * @throws FirstwordError `bad_input` for anything else, an unknown provider or emulator profile, and a URL with a key
 */
export function parseModelSpec(text: string, options: { profiles?: readonly string[] } = {}): ModelSpec {
  const [, provider, model, baseUrl] = /^([\w.-]+):(.+?)(?:@(https?:\/\/\S+))?$/.exec(text) ?? [];
  if (!provider || !model) {
    throw new FirstwordError(
      'bad_input',
      `"${redact(text)}" is not a model: write provider:model, ${EXAMPLE}.`,
    );
  }
  checkAddress({ model, baseUrl });
  // Specs are written to files, pages and the terminal, so they must not contain secrets.
  if (baseUrl !== undefined && redact(baseUrl) !== baseUrl) {
    throw new FirstwordError(
      'bad_input',
      'The URL of a model must contain no key or password: remove it, and set the provider’s environment variable.',
    );
  }
  const names = [...PROVIDERS.map(({ name }) => name), EMULATED_PROVIDER, CUSTOM_PROVIDER];
  if (!names.includes(provider)) throw unknownName('provider', provider, names);
  const spec = { text, provider, model, ...(baseUrl === undefined ? {} : { baseUrl }) };
  if (provider === EMULATED_PROVIDER) checkEmulated(spec, options.profiles);
  return spec;
}
