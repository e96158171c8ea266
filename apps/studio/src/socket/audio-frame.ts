import { AUDIO, AUDIO_HEADER_BYTES } from '../protocol.js';

/** The kinds of audio message. */
export type AudioKind = keyof typeof AUDIO;

/** A decoded binary message. `value` is the header's float64; its meaning depends on the kind (see `AUDIO`). */
export interface AudioFrame {
  kind: AudioKind;
  value: number;
  pcm: Int16Array;
}

const KIND_AT = 0;
const VALUE_AT = 8;

/** Encodes an audio message as the protocol defines it, little-endian on every machine. */
export function encodeAudioFrame({ kind, value, pcm }: AudioFrame): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(AUDIO_HEADER_BYTES + pcm.length * 2));
  view.setUint8(KIND_AT, AUDIO[kind]);
  view.setFloat64(VALUE_AT, value, true);
  pcm.forEach((sample, i) => {
    view.setInt16(AUDIO_HEADER_BYTES + i * 2, sample, true);
  });
  return view.buffer;
}

/** Decodes an audio message; `undefined` if it is truncated, empty or of an unknown kind. */
export function decodeAudioFrame(data: ArrayBuffer): AudioFrame | undefined {
  const samples = (data.byteLength - AUDIO_HEADER_BYTES) / 2;
  if (samples < 1 || !Number.isInteger(samples)) return undefined;
  const view = new DataView(data);
  const code = view.getUint8(KIND_AT);
  const kind = (Object.keys(AUDIO) as AudioKind[]).find((name) => AUDIO[name] === code);
  if (!kind) return undefined;
  const pcm = Int16Array.from({ length: samples }, (_, i) => view.getInt16(AUDIO_HEADER_BYTES + i * 2, true));
  return { kind, value: view.getFloat64(VALUE_AT, true), pcm };
}
