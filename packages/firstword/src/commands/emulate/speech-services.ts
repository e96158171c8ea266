import { unknownName } from '@firstword/turn';

/** How to point a client at an emulated speech service. */
export interface SpeechServiceSetup {
  /** The name in `--speech`. */
  name: string;
  /** Environment variables to set. */
  environment: Record<string, string>;
  /** What to write in the agent, by part. */
  code: string[];
}

const INFERENCE = { LIVEKIT_INFERENCE_API_KEY: 'any', LIVEKIT_INFERENCE_API_SECRET: 'any' };

const SETUPS: Record<string, (origin: string) => Omit<SpeechServiceSetup, 'name'>> = {
  'livekit-inference': (origin) => ({
    environment: { LIVEKIT_INFERENCE_URL: `${origin}/v1`, ...INFERENCE },
    code: ["stt: 'deepgram/nova-3', llm: 'openai/gpt-4.1-mini', tts: 'cartesia/sonic-3'"],
  }),
  deepgram: (origin) => ({
    environment: { DEEPGRAM_API_KEY: 'any' },
    code: [
      `new deepgram.STT({ baseUrl: '${origin.replace(/^http/, 'ws')}' })`,
      `new deepgram.STTv2({ endpointUrl: '${origin}/v2/listen', eagerEotThreshold: 0.5 })`,
      `new deepgram.TTS({ baseUrl: '${origin}' })`,
    ],
  }),
  cartesia: (origin) => ({
    environment: { CARTESIA_API_KEY: 'any' },
    code: [`new cartesia.TTS({ baseUrl: '${origin}' })`],
  }),
  elevenlabs: (origin) => ({
    environment: { ELEVEN_API_KEY: 'any' },
    code: [`new elevenlabs.TTS({ baseURL: '${origin}/v1' })`],
  }),
  assemblyai: (origin) => ({
    environment: { LIVEKIT_INFERENCE_URL: `${origin}/v1`, ...INFERENCE },
    code: ["stt: 'assemblyai/universal-streaming'"],
  }),
  soniox: (origin) => ({
    environment: { LIVEKIT_INFERENCE_URL: `${origin}/v1`, ...INFERENCE },
    code: ["stt: 'soniox/stt-rt-v3'"],
  }),
};

/**
 * The setups of services given as `deepgram,cartesia`.
 * @throws FirstwordError `bad_input` that lists the names
 */
export function speechServiceNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!Object.hasOwn(SETUPS, name)) throw unknownName('speech service', name, Object.keys(SETUPS));
  }
  return names;
}

/** How to point a client at these services of the emulator at `origin`. */
export function speechServiceSetups(names: readonly string[], origin: string): SpeechServiceSetup[] {
  return names.map((name) => ({ name, ...SETUPS[name]!(origin) }));
}
