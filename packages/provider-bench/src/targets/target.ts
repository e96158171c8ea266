import { PROFILES } from '@firstword/emulator';
import { closeNames, PROVIDERS } from '@firstword/llm';
import { FirstwordError, redact } from '@firstword/turn';

/** A model at a provider, as the user named it. */
export interface BenchTarget {
  /** `provider:model`, with `@URL` where it has an address of its own. */
  text: string;
  provider: string;
  model: string;
  baseUrl?: string;
  /** The provider emulator answers; `model` is a profile of it. */
  emulated: boolean;
}

/** The emulator, by the name it has among providers. */
export const EMULATED = 'emulated';
/** Any server that speaks OpenAI's chat completions. */
export const CUSTOM = 'custom';

const EXAMPLE = 'such as groq:openai/gpt-oss-120b or emulated:gpt-4o-mini';

function checkProfile(text: string, model: string): void {
  const names = PROFILES.map(({ name }) => name);
  if (names.includes(model)) return;
  const close = closeNames(model, names).join(', ');
  throw new FirstwordError(
    'bad_input',
    `"${text}": the emulator has no profile "${model}". Close to it: ${close}. firstword emulate --list shows all.`,
  );
}

/** What may have been meant as the address of a server: a slip in it would ask another one. */
const MEANT_ADDRESS = /@(\S*:\/\/\S*|[\w.-]+:\d+\S*|\[[\da-f:]+\]\S*)$/i;

function checkAddress({ model, baseUrl }: { model: string; baseUrl: string | undefined }): void {
  const wrong = baseUrl === undefined ? MEANT_ADDRESS.test(model) : !URL.canParse(baseUrl);
  if (!wrong) return;
  const name = model.split('@', 1)[0];
  throw new FirstwordError(
    'bad_input',
    `What stands after the @ of "${name}" is no address: write http://HOST:PORT/v1, or https://….`,
  );
}

/**
 * Reads `provider:model` or `provider:model@URL`.
 * @throws FirstwordError `bad_input` for anything else, and for a provider or an emulator's profile that there is not
 */
export function parseTarget(text: string): BenchTarget {
  const [, provider, model, baseUrl] = /^([\w.-]+):(.+?)(?:@(https?:\/\/\S+))?$/.exec(text) ?? [];
  if (!provider || !model) {
    throw new FirstwordError('bad_input', `"${text}" is no target: write provider:model, ${EXAMPLE}.`);
  }
  checkAddress({ model, baseUrl });
  // A target stands in files, pages and on screens.
  if (baseUrl !== undefined && redact(baseUrl) !== baseUrl) {
    throw new FirstwordError(
      'bad_input',
      'A target names no key or password: take it out of the address, and set the provider’s variable.',
    );
  }
  const names = [...PROVIDERS.map(({ name }) => name), EMULATED, CUSTOM];
  if (!names.includes(provider)) {
    const close = closeNames(provider, names).join(', ');
    throw new FirstwordError(
      'bad_input',
      `"${text}": there is no provider "${provider}". Close to it: ${close}. All: ${names.join(', ')}.`,
    );
  }
  const emulated = provider === EMULATED;
  if (emulated && baseUrl !== undefined) {
    throw new FirstwordError(
      'bad_input',
      `"${text}": the emulator of a run is started by it. Another one is asked as custom:${model}@${baseUrl}.`,
    );
  }
  if (emulated) checkProfile(text, model);
  return { text, provider, model, emulated, ...(baseUrl === undefined ? {} : { baseUrl }) };
}

/** @throws FirstwordError `bad_input` for a target that is none, or is there twice */
export function parseTargets(texts: readonly string[]): BenchTarget[] {
  const twice = texts.find((text, at) => texts.indexOf(text) !== at);
  if (twice !== undefined) throw new FirstwordError('bad_input', `${twice} is there twice: name it once.`);
  return texts.map(parseTarget);
}
