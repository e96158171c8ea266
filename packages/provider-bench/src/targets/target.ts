import { PROFILES } from '@firstword/emulator';
import { PROVIDERS } from '@firstword/llm';
import { FirstwordError, redact, unknownName } from '@firstword/turn';

/** A model at a provider, as given by the user. */
export interface BenchTarget {
  /** `provider:model`, or `provider:model@URL` with its own base URL. */
  text: string;
  provider: string;
  model: string;
  baseUrl?: string;
  /** Whether the provider emulator answers; `model` is then one of its profiles. */
  emulated: boolean;
  /** Set for a speech engine; `provider` is then `livekit` (LiveKit Inference), `plugin` or `emulated`. */
  kind?: 'stt' | 'tts';
}

/** Provider name of emulated targets. */
export const EMULATED = 'emulated';
/** Provider name of any other server with OpenAI-compatible chat completions. */
export const CUSTOM = 'custom';

const EXAMPLE = 'such as groq:openai/gpt-oss-120b or emulated:gpt-4o-mini';

function checkProfile(model: string): void {
  const names = PROFILES.map(({ name }) => name);
  if (!names.includes(model)) throw unknownName('emulator profile', model, names);
}

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

/**
 * Parses `provider:model` or `provider:model@URL`.
 * @throws FirstwordError `bad_input` for anything else, and for an unknown provider or emulator profile
 */
export function parseTarget(text: string): BenchTarget {
  const [, provider, model, baseUrl] = /^([\w.-]+):(.+?)(?:@(https?:\/\/\S+))?$/.exec(text) ?? [];
  if (!provider || !model) {
    throw new FirstwordError('bad_input', `"${text}" is not a target: write provider:model, ${EXAMPLE}.`);
  }
  checkAddress({ model, baseUrl });
  // Targets are written to files, pages and the terminal, so they must not contain secrets.
  if (baseUrl !== undefined && redact(baseUrl) !== baseUrl) {
    throw new FirstwordError(
      'bad_input',
      'A target must contain no key or password: remove it from the URL, and set the provider’s environment variable.',
    );
  }
  const names = [...PROVIDERS.map(({ name }) => name), EMULATED, CUSTOM];
  if (!names.includes(provider)) {
    throw unknownName('provider', provider, names);
  }
  const emulated = provider === EMULATED;
  if (emulated && baseUrl !== undefined) {
    throw new FirstwordError(
      'bad_input',
      `"${text}": a run starts its own emulator, so the target takes no URL. For another emulator write custom:${model}@${baseUrl}.`,
    );
  }
  if (emulated) checkProfile(model);
  return { text, provider, model, emulated, ...(baseUrl === undefined ? {} : { baseUrl }) };
}
