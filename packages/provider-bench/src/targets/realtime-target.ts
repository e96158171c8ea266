import { REALTIME_PROFILES } from '@firstword/emulator/realtime';
import { FirstwordError, unknownName } from '@firstword/turn';
import type { BenchTarget } from './target.js';

/** The variable with the key of each realtime model, by the name under which it is opened. */
export const REALTIME_KEY_VARIABLES: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  'gpt-live': 'OPENAI_API_KEY',
  xai: 'XAI_API_KEY',
  gemini: 'GOOGLE_API_KEY',
};

/** Stands for the model that LiveKit's plugin takes if none is named. */
export const DEFAULT_REALTIME_MODEL = 'default';

/** Silence after which the provider ends a turn if the plan names none, ms: the default of OpenAI's API. */
export const DEFAULT_SILENCE_MS = 500;

const FORM =
  'write realtime:openai, realtime:xai, realtime:gemini or realtime:gpt-live, realtime:openai/MODEL, realtime:openai@https://HOST/v1, or realtime:emulated:gpt-realtime-1.5';

function emulatedTarget(text: string, name: string): BenchTarget {
  const profile = REALTIME_PROFILES.find((one) => one.name === name);
  if (!profile) {
    throw unknownName(
      'realtime profile',
      name,
      REALTIME_PROFILES.map((one) => one.name),
    );
  }
  return { kind: 'realtime', text, provider: 'emulated', model: name, emulated: true };
}

/** The name under which the model of a realtime target is opened: that of its provider, or of the profile's wire. */
export function realtimeWireOf({ provider, model }: Pick<BenchTarget, 'provider' | 'model'>): string {
  if (provider !== 'emulated') return provider;
  return REALTIME_PROFILES.find(({ name }) => name === model)?.wire ?? 'openai';
}

/**
 * Parses `realtime:PROVIDER`, `realtime:PROVIDER/MODEL`, either with `@URL`, or `realtime:emulated:PROFILE`.
 * @throws FirstwordError `bad_input` for anything else, and for an unknown provider or profile
 */
export function parseRealtimeTarget(text: string): BenchTarget {
  const emulated = /^realtime:emulated:(.+)$/.exec(text)?.[1];
  if (emulated !== undefined) return emulatedTarget(text, emulated);
  const [, provider, model = DEFAULT_REALTIME_MODEL, baseUrl] =
    /^realtime:([\w-]+)(?:\/([^@]+))?(?:@(.+))?$/.exec(text) ?? [];
  if (!provider) throw new FirstwordError('bad_input', `"${text}" is not a realtime target: ${FORM}.`);
  if (!Object.hasOwn(REALTIME_KEY_VARIABLES, provider))
    throw unknownName('realtime provider', provider, Object.keys(REALTIME_KEY_VARIABLES));
  if (baseUrl !== undefined) checkUrl(text, baseUrl);
  return {
    kind: 'realtime',
    text,
    provider,
    model,
    emulated: false,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}

function checkUrl(text: string, baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol))
    throw new FirstwordError('bad_input', `${text.split('@')[0]}: what follows @ is not a URL: ${FORM}.`);
  if (url.username || url.password || url.search)
    throw new FirstwordError(
      'bad_input',
      `${text.split('@')[0]}: the URL must hold no key or password; the key comes from the environment.`,
    );
}

/**
 * Checks the keys of realtime models. One with a base URL of the user's own needs none.
 * @throws FirstwordError `bad_input` that names the variables
 */
export function checkRealtimeKeys(
  targets: readonly BenchTarget[],
  env: Record<string, string | undefined> = process.env,
): void {
  const missing = targets
    .filter(({ kind, emulated, baseUrl }) => kind === 'realtime' && !emulated && baseUrl === undefined)
    .filter(({ provider }) => !env[REALTIME_KEY_VARIABLES[provider]!])
    .map(({ provider, text }) => `${REALTIME_KEY_VARIABLES[provider]} for ${text}`);
  if (missing.length === 0) return;
  throw new FirstwordError(
    'bad_input',
    `${missing.length === 1 ? 'A key is missing' : 'Keys are missing'}: set ${missing.join(', ')}. To try it without a key: firstword bench realtime:emulated:gpt-realtime-1.5 (replays published delays).`,
  );
}
