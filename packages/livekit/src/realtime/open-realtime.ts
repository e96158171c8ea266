import { FirstwordError, unknownName } from '@firstword/turn';
import type { llm } from '@livekit/agents';

/** What a realtime model does in a call: hears and speaks, answers in text, or only hears. */
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

const openOpenai: Open = async ({ baseUrl, apiKey }, mode) => {
  const { realtime } = await openaiPlugin();
  return new realtime.RealtimeModel({
    apiKey,
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(mode === 'audio' ? {} : { modalities: ['text'] }),
    turnDetection: {
      type: 'server_vad',
      silence_duration_ms: REALTIME_SILENCE_MS,
      ...(mode === 'hears' ? { create_response: false } : {}),
    },
  });
};

/** GPT-Live ends turns and speaks by itself. Work that needs more, it delegates to the client. */
const openGptLive: Open = async ({ baseUrl, apiKey }) => {
  const { realtime } = await openaiPlugin();
  return new realtime.GPTLiveModel({
    apiKey,
    delegation: 'client',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
};

/** The realtime models that can be opened by name. */
export const REALTIME_MODELS: Readonly<Record<string, Open>> = {
  openai: openOpenai,
  'gpt-live': openGptLive,
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

/** The plugin is of use only to those who compare realtime models: it is no dependency of this package. */
async function openaiPlugin(): Promise<typeof import('@livekit/agents-plugin-openai')> {
  try {
    return await import('@livekit/agents-plugin-openai');
  } catch (cause) {
    const name = '@livekit/agents-plugin-openai';
    throw new FirstwordError('bad_input', `${name} is not installed: npm install ${name}`, { cause });
  }
}
