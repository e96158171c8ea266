import { FirstwordError } from '@firstword/turn';

/** Decoded 16-bit PCM audio. A stereo tape has the caller in `channels[0]` and the agent in `channels[1]`. */
export interface Wav {
  sampleRateHz: number;
  /** One array per channel (1 or 2), all of the same length. */
  channels: Int16Array[];
}

const PCM = 1;
/** WAVE_FORMAT_EXTENSIBLE may contain plain PCM; the actual format is then at byte 24 of the chunk. */
const EXTENSIBLE = 0xfffe;
const HEADER_BYTES = 44;
const MIN_RATE_HZ = 1_000;
const MAX_RATE_HZ = 768_000;

/**
 * Reads a 16-bit PCM WAV file, mono or stereo.
 *
 * If the data chunk is longer than the file (after a crash, or if it was streamed), it is read up to its last whole
 * frame.
 *
 * @param bytes The whole file.
 * @param name Name of the file in error messages.
 * @throws FirstwordError `bad_input` if the bytes are not such a file; the message says what to convert.
 */
export function readWav(bytes: Uint8Array, name = 'the audio'): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || chunkId(view, 0) !== 'RIFF' || chunkId(view, 8) !== 'WAVE') {
    throw refused(name, 'is not a WAV file');
  }
  const chunks = readChunks(view);
  const format = chunks.get('fmt ');
  const data = chunks.get('data');
  if (!format || format.byteLength < 16) throw refused(name, 'has no usable format chunk');
  if (!data) throw refused(name, 'has no audio data');
  const { channelCount, sampleRateHz } = readFormat(format, name);
  return { sampleRateHz, channels: deinterleave(data, channelCount) };
}

/**
 * Writes a 16-bit PCM WAV file, mono or stereo.
 *
 * @throws FirstwordError `bad_input` for other channel counts, channels of unequal length, or an impossible rate.
 */
export function writeWav({ sampleRateHz, channels }: Wav): Uint8Array {
  const [first, second] = channels;
  if (!first || channels.length > 2) throw refused('a WAV', `needs 1 or 2 channels, not ${channels.length}`);
  if (second && second.length !== first.length)
    throw refused('a stereo WAV', 'needs channels of equal length');
  if (!isRate(sampleRateHz)) throw refused('a WAV', `cannot have a sample rate of ${sampleRateHz} Hz`);
  const frameBytes = channels.length * 2;
  const dataBytes = first.length * frameBytes;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  writeHeader(view, { sampleRateHz, frameBytes, dataBytes });
  for (const [c, channel] of channels.entries()) {
    for (let i = 0; i < channel.length; i++) {
      view.setInt16(HEADER_BYTES + i * frameBytes + c * 2, channel[i]!, true);
    }
  }
  return bytes;
}

function readChunks(view: DataView): Map<string, DataView> {
  const chunks = new Map<string, DataView>();
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const promised = view.getUint32(at + 4, true);
    const length = Math.min(promised, view.byteLength - at - 8);
    const id = chunkId(view, at);
    if (!chunks.has(id)) chunks.set(id, new DataView(view.buffer, view.byteOffset + at + 8, length));
    at += 8 + promised + (promised & 1);
  }
  return chunks;
}

function readFormat(format: DataView, name: string): { channelCount: number; sampleRateHz: number } {
  const tag = format.getUint16(0, true);
  const encoding = tag === EXTENSIBLE && format.byteLength >= 26 ? format.getUint16(24, true) : tag;
  const channelCount = format.getUint16(2, true);
  const sampleRateHz = format.getUint32(4, true);
  const bits = format.getUint16(14, true);
  if (encoding !== PCM || bits !== 16) {
    throw refused(name, `holds ${bits}-bit audio in encoding ${encoding}; only 16-bit PCM is read`);
  }
  if (channelCount !== 1 && channelCount !== 2) {
    throw refused(name, `has ${channelCount} channels; only mono and stereo are read`);
  }
  if (!isRate(sampleRateHz)) throw refused(name, `states an impossible sample rate, ${sampleRateHz} Hz`);
  return { channelCount, sampleRateHz };
}

function deinterleave(data: DataView, channelCount: number): Int16Array[] {
  const frames = Math.floor(data.byteLength / (2 * channelCount));
  return Array.from({ length: channelCount }, (_, c) => {
    // Int16Array.from() with a function takes ten times as long, which would delay the TTS.
    const samples = new Int16Array(frames);
    for (let i = 0; i < frames; i++) samples[i] = data.getInt16((i * channelCount + c) * 2, true);
    return samples;
  });
}

function writeHeader(
  view: DataView,
  { sampleRateHz, frameBytes, dataBytes }: { sampleRateHz: number; frameBytes: number; dataBytes: number },
): void {
  const ascii = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  ascii(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, frameBytes / 2, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, dataBytes, true);
}

function chunkId(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function isRate(rateHz: number): boolean {
  return Number.isInteger(rateHz) && rateHz >= MIN_RATE_HZ && rateHz <= MAX_RATE_HZ;
}

function refused(name: string, problem: string): FirstwordError {
  return new FirstwordError(
    'bad_input',
    `${name} ${problem}. Give a 16-bit PCM WAV file with 1 or 2 channels.`,
  );
}
