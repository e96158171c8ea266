import { ManualClock, type SpeculationOptions, Speculator } from '@firstword/turn';
import { stt } from '@livekit/agents';
import { PAUSED_MS } from '../stt/current-interim.js';
import { SegmentMemory } from '../stt/segments.js';
import { TranscriptProcessor } from '../stt/transcript-processor.js';

const { SpeechEventType: Type } = stt;
type Data = Partial<stt.SpeechData>;

export interface ProcessorScript {
  speculation?: Partial<SpeculationOptions>;
  canSpeculate?: () => boolean;
  interruptReplies?: (words: number) => void;
  finalSilenceMs?: number;
  confirmsWords?: boolean;
}

/** A `TranscriptProcessor` on a manual clock, fed by the test. Each superseded speculation costs 100 tokens. */
export function openProcessor(options: ProcessorScript = {}) {
  const clock = new ManualClock();
  const speculator = new Speculator(options.speculation);
  const segments = new SegmentMemory();
  const out: string[] = [];
  const processor = new TranscriptProcessor({
    clock,
    speculator,
    segments,
    canSpeculate: options.canSpeculate ?? (() => true),
    interruptReplies: options.interruptReplies,
    finalSilenceMs: options.finalSilenceMs,
    confirmsWords: options.confirmsWords,
    onUnconfirmed: () => out.push('unconfirmed'),
    costTokens: () => 100,
    emit: (event) =>
      out.push(`${Type[event.type]?.split('_')[0]} ${event.alternatives?.[0]?.text ?? ''}`.trim()),
  });
  const hear = (type: stt.SpeechEventType, text?: string, data: Data = {}) =>
    processor.process({
      type,
      ...(text === undefined
        ? {}
        : {
            alternatives: [
              {
                text,
                language: 'en' as stt.SpeechData['language'],
                startTime: 0,
                endTime: 0,
                confidence: 0,
                ...data,
              },
            ],
          }),
    });
  return {
    clock,
    speculator,
    segments,
    out,
    processor,
    interim: (text: string, data?: Data) => hear(Type.INTERIM_TRANSCRIPT, text, data),
    final: (text: string, data?: Data) => hear(Type.FINAL_TRANSCRIPT, text, data),
    preflight: (text: string) => hear(Type.PREFLIGHT_TRANSCRIPT, text),
    start: () => hear(Type.START_OF_SPEECH),
  };
}

/** Data of an interim from an engine that reports pauses, with a pause of this length after it, ms. */
export const pausedFor = (ms: number): Data => ({ metadata: { [PAUSED_MS]: ms } });
/** Data of an interim that is followed by a pause. */
export const paused: Data = pausedFor(32);

/** Transcripts for random tests: empty text, fillers, and the same words in two spellings. */
export const SAYINGS = [
  '',
  'um',
  'uh',
  'yes',
  'Yes.',
  'book a table',
  'Book a table.',
  'at 7:30',
  'seven thirty',
] as const;
