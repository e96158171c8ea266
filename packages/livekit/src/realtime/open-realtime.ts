import { FirstwordError, unknownName } from '@firstword/turn';
import type { llm } from '@livekit/agents';

/** What a realtime model does in a call: hears and speaks, answers in text, or only hears and leaves the answers to others. */
export type RealtimeMode = 'audio' | 'text' | 'hears';

/** Where a realtime provider is. */
export interface RealtimeServer {
  /** Base URL; default the provider's own. */
  baseUrl?: string;
  apiKey: string;
}

/** Silence after which the provider ends a turn, ms: the default of OpenAI's API, with which published latencies were measured. */
export const REALTIME_SILENCE_MS = 500;

/** Settings of a realtime model, where it takes them. */
export interface RealtimeSettings {
  /** Default: the plugin's. */
  model?: string;
  /** Silence after which the provider ends a turn, ms. Default: 500 at OpenAI, the plugin's at the others; GPT-Live takes none. */
  silenceMs?: number;
}

type Open = (
  server: RealtimeServer,
  mode: RealtimeMode,
  settings: RealtimeSettings,
) => Promise<llm.RealtimeModel | llm.DuplexModel>;

const turnDetectionOf = (mode: RealtimeMode, silenceMs = REALTIME_SILENCE_MS) => ({
  type: 'server_vad' as const,
  silence_duration_ms: silenceMs,
  ...(mode === 'hears' ? { create_response: false } : {}),
});
const modelOf = ({ model }: RealtimeSettings) => (model === undefined ? {} : { model });
const baseOf = ({ baseUrl }: RealtimeServer) => (baseUrl === undefined ? {} : { baseURL: baseUrl });

const openOpenai: Open = async (server, mode, settings) => {
  const { realtime } = await plugin('openai', () => import('@livekit/agents-plugin-openai'));
  return new realtime.RealtimeModel({
    apiKey: server.apiKey,
    ...baseOf(server),
    ...modelOf(settings),
    ...(mode === 'audio' ? {} : { modalities: ['text'] }),
    turnDetection: turnDetectionOf(mode, settings.silenceMs),
  });
};

/** With the turn detection of LiveKit's plugin, unless there is another silence: the plugin takes the option, and its type does not. */
const openXai: Open = async (server, mode, settings) => {
  const { realtime } = await plugin('xai', () => import('@livekit/agents-plugin-xai'));
  const { silenceMs } = settings;
  const turnDetection = silenceMs === undefined ? {} : { turnDetection: turnDetectionOf(mode, silenceMs) };
  return new realtime.RealtimeModel({
    apiKey: server.apiKey,
    ...baseOf(server),
    ...modelOf(settings),
    ...turnDetection,
  });
};

/** GPT-Live ends turns and speaks by itself. In the mode `hears` it delegates the work of its answers to the client. */
const openGptLive: Open = async (server, mode, settings) => {
  const { realtime } = await plugin('openai', () => import('@livekit/agents-plugin-openai'));
  return new realtime.GPTLiveModel({
    apiKey: server.apiKey,
    ...baseOf(server),
    ...modelOf(settings),
    delegation: mode === 'hears' ? 'client' : 'responses',
  });
};

const openGemini: Open = async ({ baseUrl, apiKey }, _mode, settings) => {
  const { realtime } = await plugin('google', () => import('@livekit/agents-plugin-google'));
  return new realtime.RealtimeModel({
    apiKey,
    ...modelOf(settings),
    ...(baseUrl === undefined ? {} : { httpOptions: { baseUrl } }),
    ...(settings.silenceMs === undefined
      ? {}
      : { realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: settings.silenceMs } } }),
  });
};

/** The realtime models that can be opened by name. xAI's and Google's are opened in the mode `audio` only. */
export const REALTIME_MODELS: Readonly<Record<string, Open>> = {
  openai: openOpenai,
  xai: openXai,
  'gpt-live': openGptLive,
  gemini: openGemini,
};

/**
 * Opens a realtime model by name, through LiveKit's plugin.
 * @throws FirstwordError `bad_input` for an unknown name, or if the plugin is not installed
 */
export function openRealtimeModel(
  name: string,
  server: RealtimeServer,
  mode: RealtimeMode,
  settings: RealtimeSettings = {},
): Promise<llm.RealtimeModel | llm.DuplexModel> {
  const open = Object.hasOwn(REALTIME_MODELS, name) ? REALTIME_MODELS[name] : undefined;
  if (!open) throw unknownName('realtime model', name, Object.keys(REALTIME_MODELS));
  return open(server, mode, settings);
}

/** The plugins are of use only to those who compare realtime models: they are no dependencies of this package. */
async function plugin<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const packageName = `@livekit/agents-plugin-${name}`;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const message = isMissing
      ? `${packageName} is not installed: npm install ${packageName}`
      : `${packageName} cannot be loaded (${(cause as Error).message}): install it again, in the version of @livekit/agents`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}
