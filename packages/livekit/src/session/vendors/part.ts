import type { stt, tts } from '@livekit/agents';
import { inferenceModelOptions } from '../../internals/inference-model-options.js';

/** What rules about vendors go by: what a LiveKit part tells of itself. */
export interface VendorPart {
  kind: 'stt' | 'tts';
  /** The plugin's class, such as `deepgram.STT` or `inference.TTS`. */
  label: string;
  model: string;
  streaming: boolean;
  /** Speech-to-text: gives transcripts before they are final. */
  interims: boolean;
  /** Options it was made with, as far as they can be seen: LiveKit Inference's `modelOptions`. */
  options: Readonly<Record<string, unknown>>;
}

export function sttPart(part: stt.STT): VendorPart {
  const { label, model, capabilities } = part;
  const { streaming, interimResults: interims } = capabilities;
  return { kind: 'stt', label, model, streaming, interims, options: inferenceModelOptions(part) };
}

export function ttsPart(voice: tts.TTS): VendorPart {
  const { label, model, capabilities } = voice;
  return {
    kind: 'tts',
    label,
    model,
    streaming: capabilities.streaming,
    interims: false,
    options: inferenceModelOptions(voice),
  };
}
