import type { EmulatedAnswer } from '../../chat/chat.js';
import { drawTtftMs } from '../../profiles/ttft.js';
import { joined, resampleLinear } from '../../speech/audio/pcm.js';
import type { RealtimeQuestion } from '../options.js';
import type { ResponseFault } from './faults.js';
import type { RealtimeParts } from './parts.js';
import type { RealtimeResponseTruth } from './truth.js';

/** Sample rate of the model's audio, Hz: of all wires. */
export const OUTPUT_RATE_HZ = 24_000;

/** Tokens a second of a text answer. An assumption. */
export const TOKENS_PER_SECOND = 80;

/** A response that has been asked for. Its times count from `startMs`. */
export interface PlannedResponse {
  id: string;
  /** Clock, ms. */
  startMs: number;
  /** When the provider says that it has begun, and when its first content is sent, ms. The fault `late-audio` is in it. */
  createdMs: number;
  firstContentMs: number;
  answer: EmulatedAnswer;
  fault: ResponseFault | undefined;
  truth: RealtimeResponseTruth;
}

/** Counts a response and decides what it will be: its answer, its latency, its fault. */
export function planResponse(
  parts: RealtimeParts,
  request: {
    question: Omit<RealtimeQuestion, 'response'>;
    truth?: Partial<RealtimeResponseTruth> | undefined;
    /** What is answered. Default: what `answers` says. */
    answer?: EmulatedAnswer;
  },
): PlannedResponse {
  const { stats, truths, clock, profile, latencies, answers } = parts;
  stats.responses += 1;
  const fault = parts.nextFault();
  const id = parts.newId('resp');
  const truth: RealtimeResponseTruth = { id, ...request.truth, ...(fault ? { fault: fault.kind } : {}) };
  truths.push(truth);
  const startMs = clock.nowMs();
  const said =
    fault?.kind === 'silent-generation'
      ? ''
      : (request.answer ?? answers({ ...request.question, response: stats.responses }));
  const generationMs = drawTtftMs(profile.generation, latencies);
  return {
    id,
    startMs,
    createdMs: Math.min(profile.createdMs, generationMs),
    firstContentMs: generationMs + (fault?.kind === 'late-audio' ? fault.delayMs : 0),
    answer: typeof said === 'string' ? { text: said, toolCalls: [] } : said,
    fault,
    truth,
  };
}

/** The words as audio at `OUTPUT_RATE_HZ`, behind the profile's silence. No words have no audio. */
export async function speak(parts: RealtimeParts, text: string): Promise<Int16Array> {
  if (text === '') return new Int16Array(0);
  const { voice, profile } = parts;
  const pieces: Int16Array[] = [
    new Int16Array(Math.round((profile.leadingSilenceMs * voice.sampleRateHz) / 1000)),
  ];
  for await (const piece of voice.synthesize(text)) pieces.push(piece);
  return resampleLinear(joined(pieces), { fromHz: voice.sampleRateHz, toHz: OUTPUT_RATE_HZ });
}

/** As many of the words as were heard when the audio stopped after `heardMs` of `audioMs`. */
export function wordsHeard(text: string, heardMs: number, audioMs: number): string {
  if (!(audioMs > 0)) return '';
  const words = text.split(' ');
  return words.slice(0, Math.round((words.length * Math.min(heardMs, audioMs)) / audioMs)).join(' ');
}
