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

type Open = (server: RealtimeServer, mode: RealtimeMode) => Promise<llm.RealtimeModel | llm.DuplexModel>;

const turnDetectionOf = (mode: RealtimeMode) => ({
  type: 'server_vad' as const,
  silence_duration_ms: REALTIME_SILENCE_MS,
  ...(mode === 'hears' ? { create_response: false } : {}),
});
const baseOf = ({ baseUrl }: RealtimeServer) => (baseUrl === undefined ? {} : { baseURL: baseUrl });

const openOpenai: Open = async (server, mode) => {
  const { realtime } = await plugin('openai', () => import('@livekit/agents-plugin-openai'));
  return new realtime.RealtimeModel({
    apiKey: server.apiKey,
    ...baseOf(server),
    ...(mode === 'audio' ? {} : { modalities: ['text'] }),
    turnDetection: turnDetectionOf(mode),
  });
};

/** With the turn detection of LiveKit's plugin, whose type takes none. */
const openXai: Open = async (server) => {
  const { realtime } = await plugin('xai', () => import('@livekit/agents-plugin-xai'));
  return new realtime.RealtimeModel({ apiKey: server.apiKey, ...baseOf(server) });
};

/** GPT-Live ends turns and speaks by itself. In the mode `hears` it delegates the work of its answers to the client. */
const openGptLive: Open = async (server, mode) => {
  const { realtime } = await plugin('openai', () => import('@livekit/agents-plugin-openai'));
  return new realtime.GPTLiveModel({
    apiKey: server.apiKey,
    ...baseOf(server),
    delegation: mode === 'hears' ? 'client' : 'responses',
  });
};

const openGemini: Open = async ({ baseUrl, apiKey }) => {
  const { realtime } = await plugin('google', () => import('@livekit/agents-plugin-google'));
  return new realtime.RealtimeModel({
    apiKey,
    ...(baseUrl === undefined ? {} : { httpOptions: { baseUrl } }),
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
): Promise<llm.RealtimeModel | llm.DuplexModel> {
  const open = Object.hasOwn(REALTIME_MODELS, name) ? REALTIME_MODELS[name] : undefined;
  if (!open) throw unknownName('realtime model', name, Object.keys(REALTIME_MODELS));
  return open(server, mode);
}

/** The plugins are of use only to those who compare realtime models: they are no dependencies of this package. */
async function plugin<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const packageName = `@livekit/agents-plugin-${name}`;
    throw new FirstwordError('bad_input', `${packageName} is not installed: npm install ${packageName}`, {
      cause,
    });
  }
}
