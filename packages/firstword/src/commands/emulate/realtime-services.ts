import { REALTIME_WIRES, type RealtimeWire } from '@firstword/emulator/realtime';

/** How to point LiveKit's plugin at an emulated realtime API. */
export interface RealtimeServiceSetup {
  /** The wire. */
  name: RealtimeWire;
  /** Base URL, as the plugin takes it. */
  url: string;
  /** The plugin's package. */
  package: string;
  /** Environment variables to set. */
  environment: Record<string, string>;
  /** What to write in the agent. */
  code: string[];
}

const SETUPS: Record<RealtimeWire, (url: string) => Omit<RealtimeServiceSetup, 'name' | 'url'>> = {
  openai: (url) => ({
    package: '@livekit/agents-plugin-openai',
    environment: { OPENAI_API_KEY: 'any' },
    code: [`new openai.realtime.RealtimeModel({ baseURL: '${url}' })`],
  }),
  xai: (url) => ({
    package: '@livekit/agents-plugin-xai',
    environment: { XAI_API_KEY: 'any' },
    // The types of the plugin 1.9.0 lack `baseURL`: a spread is not checked for unknown options.
    code: [`new xai.realtime.RealtimeModel({ ...{ baseURL: '${url}' } })`],
  }),
  'gpt-live': (url) => ({
    package: '@livekit/agents-plugin-openai',
    environment: { OPENAI_API_KEY: 'any' },
    code: [`new openai.realtime.GPTLiveModel({ baseURL: '${url}' })`],
  }),
  gemini: (url) => ({
    package: '@livekit/agents-plugin-google',
    environment: { GOOGLE_API_KEY: 'any' },
    code: [`new google.realtime.RealtimeModel({ httpOptions: { baseUrl: '${url}' } })`],
  }),
};

/** How to point LiveKit's plugins at the emulator with these base URLs. */
export function realtimeServiceSetups(urls: Readonly<Record<RealtimeWire, string>>): RealtimeServiceSetup[] {
  return REALTIME_WIRES.map((name) => ({ name, url: urls[name], ...SETUPS[name](urls[name]) }));
}
