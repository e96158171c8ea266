import { FirstwordError, unknownName } from '@firstword/turn';
import { inference, type stt, type tts } from '@livekit/agents';
import { OUTPUT_RATE_HZ } from '../transport/audio-output.js';

/** Where hosted speech services are, and the key for them. */
export interface SpeechServices {
  /** Base URL of the vendors: `http://127.0.0.1:4000`. */
  origin: string;
  /** Base URL of LiveKit Inference. */
  inferenceUrl: string;
  /** Sent to all of them. */
  apiKey: string;
}

/** A hosted STT or TTS by name, as a LiveKit part. */
export interface HostedPart<Part> {
  /** What it is, for display. */
  label: string;
  open(services: SpeechServices): Promise<Part>;
}

const overWebSocket = (origin: string) => origin.replace(/^http/, 'ws');

const inferenceOptions = ({ inferenceUrl, apiKey }: SpeechServices) => ({
  baseURL: inferenceUrl,
  apiKey,
  apiSecret: apiKey,
});

const inferenceStt = (model: string): HostedPart<stt.STT> => ({
  label: `${model} through LiveKit Inference`,
  open: async (services) => new inference.STT({ ...inferenceOptions(services), model }),
});

const inferenceTts = (model: string): HostedPart<tts.TTS> => ({
  label: `${model} through LiveKit Inference`,
  open: async (services) =>
    new inference.TTS({ ...inferenceOptions(services), model, sampleRate: OUTPUT_RATE_HZ }),
});

/** The hosted STTs that can be opened by name, with the defaults of LiveKit's plugins. */
export const HOSTED_STTS: Readonly<Record<string, HostedPart<stt.STT>>> = {
  deepgram: {
    label: 'Deepgram nova-3',
    open: async ({ origin, apiKey }) => {
      const { STT } = await plugin('deepgram', () => import('@livekit/agents-plugin-deepgram'));
      return new STT({ apiKey, baseUrl: overWebSocket(origin) });
    },
  },
  flux: {
    label: 'Deepgram Flux',
    open: async ({ origin, apiKey }) => {
      const { STTv2 } = await plugin('deepgram', () => import('@livekit/agents-plugin-deepgram'));
      return new STTv2({ apiKey, endpointUrl: `${overWebSocket(origin)}/v2/listen` });
    },
  },
  'inference-deepgram': inferenceStt('deepgram/nova-3'),
  'inference-flux': inferenceStt('deepgram/flux-general-en'),
  assemblyai: inferenceStt('assemblyai/universal-streaming'),
  soniox: inferenceStt('soniox/stt-rt-v3'),
};

/** The hosted TTSs that can be opened by name, with the defaults of LiveKit's plugins, at the sample rate of calls. */
export const HOSTED_TTSS: Readonly<Record<string, HostedPart<tts.TTS>>> = {
  cartesia: {
    label: 'Cartesia sonic-3',
    open: async ({ origin, apiKey }) => {
      const { TTS } = await plugin('cartesia', () => import('@livekit/agents-plugin-cartesia'));
      return new TTS({ apiKey, baseUrl: origin, sampleRate: OUTPUT_RATE_HZ });
    },
  },
  elevenlabs: {
    label: 'ElevenLabs eleven_flash_v2_5',
    open: async ({ origin, apiKey }) => {
      const { TTS } = await plugin('elevenlabs', () => import('@livekit/agents-plugin-elevenlabs'));
      // The plugin's type lists fewer encodings than the service takes; it reads the sample rate from the name.
      const encoding = `pcm_${OUTPUT_RATE_HZ}` as 'pcm_22050';
      return new TTS({ apiKey, baseURL: `${origin}/v1`, model: 'eleven_flash_v2_5', encoding });
    },
  },
  'inference-cartesia': inferenceTts('cartesia/sonic-3'),
  'inference-elevenlabs': inferenceTts('elevenlabs/eleven_flash_v2_5'),
};

/** Opens the hosted STT with this name. @throws FirstwordError `bad_input` for an unknown name, or if its plugin is not installed */
export function openHostedStt(name: string, services: SpeechServices): Promise<stt.STT> {
  return partOf('STT', HOSTED_STTS, name).open(services);
}

/** Opens the hosted TTS with this name. @throws FirstwordError `bad_input` for an unknown name, or if its plugin is not installed */
export function openHostedTts(name: string, services: SpeechServices): Promise<tts.TTS> {
  return partOf('TTS', HOSTED_TTSS, name).open(services);
}

function partOf<Part>(what: string, parts: Readonly<Record<string, HostedPart<Part>>>, name: string) {
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (!part) throw unknownName(what, name, Object.keys(parts));
  return part;
}

/** LiveKit's plugins are of use only to those who compare them: they are not dependencies of this package. */
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
