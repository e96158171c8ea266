import { type APIConnectOptions, initializeLogger, stt, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { joined } from '../audio/pcm.js';
import { toneVoice } from '../tts/voice.js';

initializeLogger({ pretty: false, level: 'silent' });

const RATE_HZ = 16_000;
const FRAME_MS = 20;

/** Silence of this length. */
export function silence(ms: number): Int16Array {
  return new Int16Array((RATE_HZ * ms) / 1000);
}

/** A caller's line as audio, one tone per word. */
export async function spoken(text: string): Promise<Int16Array> {
  const pieces: Int16Array[] = [];
  for await (const piece of toneVoice().synthesize(text)) pieces.push(piece);
  return joined(pieces);
}

/** Audio as LiveKit's frames of 20 ms. */
export function framesOf(samples: Int16Array): AudioFrame[] {
  const size = (RATE_HZ * FRAME_MS) / 1000;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const part = samples.slice(index * size, (index + 1) * size);
    return new AudioFrame(part, RATE_HZ, 1, size);
  });
}

/** What a LiveKit STT reported, in order, without usage. */
export interface Reported {
  type: string;
  text: string;
  confidence: number;
}

const NAMES: Partial<Record<stt.SpeechEventType, string>> = {
  [stt.SpeechEventType.START_OF_SPEECH]: 'start',
  [stt.SpeechEventType.INTERIM_TRANSCRIPT]: 'interim',
  [stt.SpeechEventType.PREFLIGHT_TRANSCRIPT]: 'preflight',
  [stt.SpeechEventType.FINAL_TRANSCRIPT]: 'final',
  [stt.SpeechEventType.END_OF_SPEECH]: 'end',
};

/** Reads a LiveKit STT stream until `isEnough`; resolves to all that it reported by then. */
export async function reportedBy(
  stream: stt.SpeechStream,
  isEnough: (reported: readonly Reported[]) => boolean,
): Promise<Reported[]> {
  const reported: Reported[] = [];
  for await (const event of stream) {
    const type = NAMES[event.type];
    if (type === undefined) continue;
    const [best] = event.alternatives ?? [];
    reported.push({ type, text: best?.text ?? '', confidence: best?.confidence ?? 0 });
    if (isEnough(reported)) break;
  }
  return reported;
}

/** Whether so many events of a type were reported. */
export function atLeast(count: number, type: string): (reported: readonly Reported[]) => boolean {
  return (reported) => reported.filter((one) => one.type === type).length >= count;
}

/** Pushes audio at its pace: 20 ms every 20 ms. */
export async function pushAtPace(stream: stt.SpeechStream, samples: Int16Array): Promise<void> {
  const startMs = performance.now();
  for (const [index, frame] of framesOf(samples).entries()) {
    const waitMs = startMs + index * FRAME_MS - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    stream.pushFrame(frame);
  }
}

/** Pushes audio at once. */
export function pushAtOnce(stream: stt.SpeechStream, samples: Int16Array): void {
  for (const frame of framesOf(samples)) stream.pushFrame(frame);
}

/** One attempt only. LiveKit's default waits 2 s between its four. */
export const ONCE: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 2000 };

/** What a LiveKit TTS stream gave for a text: all audio, and the words with their times. */
export async function synthesized(
  engine: tts.TTS,
  texts: readonly string[],
  connOptions?: APIConnectOptions,
): Promise<{ samples: Int16Array; rateHz: number; words: string[] }> {
  const stream = engine.stream(connOptions ? { connOptions } : {});
  for (const text of texts) {
    stream.pushText(text);
    stream.flush();
  }
  stream.endInput();
  const pieces: Int16Array[] = [];
  const words: string[] = [];
  let rateHz = 0;
  for await (const audio of stream) {
    if (audio === tts.SynthesizeStream.END_OF_STREAM) break;
    pieces.push(audio.frame.data);
    rateHz = audio.frame.sampleRate;
    words.push(...(audio.timedTranscripts ?? []).map(({ text }) => text.trim()));
  }
  stream.close();
  return { samples: joined(pieces), rateHz, words };
}
