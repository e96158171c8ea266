import { openHostedStt, openHostedTts, type SpeechServices } from '@firstword/livekit';
import { inference } from '@livekit/agents';
import type { SttSetting } from './stt.js';
import type { TtsSetting } from './tts.js';

const inferenceStt =
  (model: string, modelOptions: Record<string, unknown> = {}) =>
  async ({ inferenceUrl, apiKey }: SpeechServices) =>
    new inference.STT({ baseURL: inferenceUrl, apiKey, apiSecret: apiKey, model, modelOptions });

const inferenceCartesia =
  (modelOptions: { max_buffer_delay_ms?: number }) =>
  async ({ inferenceUrl, apiKey }: SpeechServices) =>
    new inference.TTS({
      baseURL: inferenceUrl,
      apiKey,
      apiSecret: apiKey,
      model: 'cartesia/sonic-3',
      modelOptions,
    });

const bothWays = (name: string, open: SttSetting['open']): SttSetting[] =>
  [false, true].map((wrapped) => ({
    name: `${name}, ${wrapped ? 'Firstword' : 'LiveKit'}`,
    open,
    wrapped,
  }));

/** STTs as LiveKit uses them and as Firstword does, and settings next to their alternatives. */
export const STT_VARIANTS: readonly SttSetting[] = [
  ...['deepgram', 'flux', 'inference-deepgram', 'inference-flux', 'assemblyai', 'soniox'].flatMap((name) =>
    bothWays(name, (services) => openHostedStt(name, services)),
  ),
  {
    name: 'inference-deepgram with endpointing 300, LiveKit',
    open: inferenceStt('deepgram/nova-3', { endpointing: 300 }),
    wrapped: false,
  },
];

/** Each connection opens 100 ms late, as over a network. */
const FAR = { rules: [{ fault: { kind: 'slow-handshake', delayMs: 100 } }] } as const;

/** The settings of TTSs, each next to its alternative. */
export const TTS_VARIANTS: readonly TtsSetting[] = [
  {
    name: 'inference.TTS cartesia/sonic-3, max_buffer_delay_ms 3000',
    open: inferenceCartesia({ max_buffer_delay_ms: 3000 }),
    wrapped: true,
  },
  {
    name: 'inference.TTS cartesia/sonic-3, max_buffer_delay_ms 0',
    open: inferenceCartesia({ max_buffer_delay_ms: 0 }),
    wrapped: true,
  },
  ...(['cartesia', 'elevenlabs', 'inference-cartesia'] as const).flatMap((name) =>
    [false, true].map((wrapped) => ({
      name: `${name}, after a cancelled answer, handshake 100 ms, ${wrapped ? 'Firstword' : 'LiveKit'}`,
      open: (services: SpeechServices) => openHostedTts(name, services),
      wrapped,
      cancelFirst: true,
      faults: FAR,
    })),
  ),
];
