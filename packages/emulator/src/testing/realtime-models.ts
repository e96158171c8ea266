import * as google from '@livekit/agents-plugin-google';
import * as openai from '@livekit/agents-plugin-openai';
import * as xai from '@livekit/agents-plugin-xai';
import type { RealtimeWire } from '../realtime/core/wire.js';

/** A realtime model of one of LiveKit's plugins. */
export type PluginModel =
  | openai.realtime.RealtimeModel
  | openai.realtime.GPTLiveModel
  | xai.realtime.RealtimeModel
  | google.realtime.RealtimeModel;

/** The model of LiveKit's plugin for a wire, connected to the emulator. @param options of the plugin, besides key and base URL */
export function pluginModel(
  wire: RealtimeWire,
  urls: Readonly<Record<RealtimeWire, string>>,
  options: Record<string, unknown> = {},
): PluginModel {
  const shared = { apiKey: 'test-key', ...options };
  const turnDetection = { type: 'server_vad' as const, silence_duration_ms: 500 };
  switch (wire) {
    case 'openai':
      return new openai.realtime.RealtimeModel({ turnDetection, ...shared, baseURL: urls.openai });
    case 'xai':
      // The plugin's types lack these options.
      return new xai.realtime.RealtimeModel({ ...{ turnDetection, ...shared, baseURL: urls.xai } });
    case 'gpt-live':
      return new openai.realtime.GPTLiveModel({ ...shared, baseURL: urls['gpt-live'] });
    case 'gemini':
      return new google.realtime.RealtimeModel({ ...shared, httpOptions: { baseUrl: urls.gemini } });
  }
}
