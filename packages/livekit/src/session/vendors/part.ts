import type { stt, tts } from '@livekit/agents';
import { inferenceModelOptions } from '../../internals/inference-model-options.js';

/** What a LiveKit STT or TTS reveals of itself: the input of the vendor rules. */
export interface VendorPart {
  kind: 'stt' | 'tts';
  /** The plugin's class, such as `deepgram.STT` or `inference.TTS`. */
  label: string;
  model: string;
  streaming: boolean;
  /** STT only: sends interim transcripts. */
  interims: boolean;
  /** Its options, if visible: LiveKit Inference's `modelOptions`. */
  options: Readonly<Record<string, unknown>>;
}

/** Describes an STT. */
export function sttPart(part: stt.STT): VendorPart {
  const { label, model, capabilities } = part;
  const { streaming, interimResults: interims } = capabilities;
  return { kind: 'stt', label, model, streaming, interims, options: inferenceModelOptions(part) };
}

/** Describes a TTS. */
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
