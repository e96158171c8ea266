import { openHostedStt, openHostedTts, type SpeechServices } from '@firstword/livekit';
import { inference } from '@livekit/agents';
import { STTv2 } from '@livekit/agents-plugin-deepgram';
import type { SttVariant } from './stt.js';
import type { TtsVariant } from './tts.js';

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

/** The settings of STTs, each next to its alternative. */
export const STT_VARIANTS: readonly SttVariant[] = [
  { name: 'deepgram.STT', open: (services) => openHostedStt('deepgram', services) },
  {
    name: 'deepgram.STT, asked for its final after 96 ms of silence',
    open: (services) => openHostedStt('deepgram', services),
    flushSilenceMs: 96,
  },
  { name: 'deepgram.STTv2 (Flux)', open: (services) => openHostedStt('flux', services) },
  {
    name: 'deepgram.STTv2 (Flux), eagerEotThreshold 0.5',
    open: async ({ origin, apiKey }) =>
      new STTv2({
        apiKey,
        endpointUrl: `${origin.replace(/^http/, 'ws')}/v2/listen`,
        eagerEotThreshold: 0.5,
      }),
  },
  { name: 'inference.STT deepgram/nova-3', open: inferenceStt('deepgram/nova-3') },
  {
    name: 'inference.STT deepgram/nova-3, endpointing 300',
    open: inferenceStt('deepgram/nova-3', { endpointing: 300 }),
  },
  { name: 'inference.STT deepgram/flux-general-en', open: inferenceStt('deepgram/flux-general-en') },
  {
    name: 'inference.STT assemblyai/universal-streaming',
    open: inferenceStt('assemblyai/universal-streaming'),
  },
];

/** Each connection opens 100 ms late, as over a network. */
const FAR = { rules: [{ fault: { kind: 'slow-handshake', delayMs: 100 } }] } as const;

/** The settings of TTSs, each next to its alternative. */
export const TTS_VARIANTS: readonly TtsVariant[] = [
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
