import { resample } from '@firstword/local';
import type { TextToSpeech } from '@firstword/turn';
import type { Span } from '../tape/span.js';
import type { CallerLine } from './lines.js';
import { type ScriptWord, wordTimes } from './word-times.js';

/** Sample rate of the caller's audio, Hz. */
export const CALLER_RATE_HZ = 16_000;

/** The number of the caller's samples in this time. */
export const callerSamples = (ms: number): number => Math.round((ms * CALLER_RATE_HZ) / 1000);

/** A part of the caller's audio. */
export const partOf = (samples: Int16Array, { startMs, endMs }: Span): Int16Array =>
  samples.slice(callerSamples(startMs), callerSamples(endMs));

/** The audio of one line: mono, 16 kHz, from its first to its last speech sample, pauses included. */
export interface Clip {
  line: CallerLine;
  samples: Int16Array;
  /** Of a synthesized line: its words, and when each is said. The times within a part are spread by the words' lengths. */
  words?: readonly ScriptWord[];
  /** Of a recording: what is heard until the next line. A synthesized line is followed by synthetic room noise. */
  after?: RecordedAfter;
}

/** The sound of a recording after a line: mono, 16 kHz. */
export interface RecordedAfter {
  /** What directly follows the line: its echo in the room. */
  echo: Int16Array;
  /** What the room or the line sounds like when nobody speaks. It is repeated, forwards and backwards. */
  background: Int16Array;
}

/** Leading and trailing samples below this fraction of the peak (−40 dB) are not speech. */
const QUIET_SHARE = 0.01;

/** Removes leading and trailing silence. */
export function trimmed(samples: Int16Array): Int16Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const speaks = (sample: number) => Math.abs(sample) > peak * QUIET_SHARE;
  const first = samples.findIndex(speaks);
  return first < 0 ? new Int16Array(0) : samples.slice(first, samples.findLastIndex(speaks) + 1);
}

function concat(pieces: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

async function spoken(text: string, voice: TextToSpeech, signal?: AbortSignal): Promise<Int16Array> {
  const frames: Int16Array[] = [];
  for await (const frame of voice.synthesize(text, signal ? { signal } : {})) frames.push(frame);
  return trimmed(resample(concat(frames), { fromHz: voice.sampleRateHz, toHz: CALLER_RATE_HZ }));
}

/** Synthesizes every line of a call. Use a different voice than the agent's. */
export async function synthesizeCall(options: {
  lines: readonly CallerLine[];
  voice: TextToSpeech;
  signal?: AbortSignal;
}): Promise<Clip[]> {
  const { lines, voice, signal } = options;
  const clips: Clip[] = [];
  for (const line of lines) {
    const breath = new Int16Array(callerSamples(line.breathMs));
    const pieces: Int16Array[] = [];
    const words: ScriptWord[] = [];
    let atMs = 0;
    for (const part of line.parts) {
      if (pieces.length > 0) {
        pieces.push(breath);
        atMs += line.breathMs;
      }
      const samples = await spoken(part, voice, signal);
      const endMs = atMs + (samples.length * 1000) / CALLER_RATE_HZ;
      words.push(...wordTimes(part, { startMs: atMs, endMs }));
      pieces.push(samples);
      atMs = endMs;
    }
    clips.push({ line, samples: concat(pieces), words });
  }
  return clips;
}
