import { ManualClock, type SpeculationOptions, Speculator } from '@firstword/turn';
import { stt } from '@livekit/agents';
import { EagerHearing, PAUSED_MS } from '../stt/eager-hearing.js';
import { SegmentMemory } from '../stt/segments.js';

const { SpeechEventType: Type } = stt;
type Data = Partial<stt.SpeechData>;

export interface HearingScript {
  speculation?: Partial<SpeculationOptions>;
  mayStart?: () => boolean;
  giveUpFloor?: (words: number) => void;
  finalSilenceMs?: number;
}

/** Ears on a clock of their own, told by hand; each superseded start costs 100 tokens. */
export function openHearing(options: HearingScript = {}) {
  const clock = new ManualClock();
  const account = new Speculator(options.speculation);
  const memory = new SegmentMemory();
  const out: string[] = [];
  const hearing = new EagerHearing({
    clock,
    account,
    memory,
    mayStart: options.mayStart ?? (() => true),
    giveUpFloor: options.giveUpFloor,
    finalSilenceMs: options.finalSilenceMs,
    costTokens: () => 100,
    emit: (event) =>
      out.push(`${Type[event.type]?.split('_')[0]} ${event.alternatives?.[0]?.text ?? ''}`.trim()),
  });
  const hear = (type: stt.SpeechEventType, text?: string, data: Data = {}) =>
    hearing.hear({
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
    account,
    memory,
    out,
    hearing,
    interim: (text: string, data?: Data) => hear(Type.INTERIM_TRANSCRIPT, text, data),
    final: (text: string, data?: Data) => hear(Type.FINAL_TRANSCRIPT, text, data),
    preflight: (text: string) => hear(Type.PREFLIGHT_TRANSCRIPT, text),
    start: () => hear(Type.START_OF_SPEECH),
  };
}

/** An interim of an engine that hears pauses, and so much of one after it. */
export const pausedFor = (ms: number): Data => ({ metadata: { [PAUSED_MS]: ms } });
/** An interim that the engine says a pause follows. */
export const paused: Data = pausedFor(32);

/** What random tests have said: nothing, next to nothing, and the same words in two writings. */
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
