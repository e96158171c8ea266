import type { stt, tts } from '@livekit/agents';

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

/** LiveKit Inference keeps its options where TypeScript calls them private; plugins keep theirs out of sight. */
function visibleOptions(part: object): Readonly<Record<string, unknown>> {
  const opts: unknown = Reflect.get(part, 'opts');
  const options: unknown = opts && typeof opts === 'object' ? Reflect.get(opts, 'modelOptions') : undefined;
  return options && typeof options === 'object' ? (options as Record<string, unknown>) : {};
}

export function earsPart(ears: stt.STT): VendorPart {
  const { label, model, capabilities } = ears;
  const { streaming, interimResults: interims } = capabilities;
  return { kind: 'stt', label, model, streaming, interims, options: visibleOptions(ears) };
}

export function voicePart(voice: tts.TTS): VendorPart {
  const { label, model, capabilities } = voice;
  return {
    kind: 'tts',
    label,
    model,
    streaming: capabilities.streaming,
    interims: false,
    options: visibleOptions(voice),
  };
}
