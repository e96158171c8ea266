import { type Hypothesis, isOpeningPhrase, isSentenceFragment, utteranceEnding } from '@firstword/turn';
import type { stt } from '@livekit/agents';
import type { RefusalReason } from '../observe/debug-log.js';

/**
 * Metadata key of interim transcripts (`SpeechData.metadata`), set by an STT that detects pauses itself: the silence after
 * the last word, ms; 0 while the caller is still speaking.
 */
export const PAUSED_MS = 'firstword.pausedMs';

/** The newest interim transcript, with what the speculation policy needs to know about it. */
export interface CurrentInterim extends Hypothesis {
  event: stt.SpeechEvent;
  text: string;
  /** Why a start on these words was refused last: each reason is logged once for the same words. */
  refused?: RefusalReason | undefined;
}

function pausedMs({ metadata }: stt.SpeechData): number | undefined {
  const ms = metadata?.[PAUSED_MS];
  return typeof ms === 'number' ? ms : undefined;
}

/** What is known of an interim. `before`: the one before it, if that has the same words. */
export function interimOf(
  event: stt.SpeechEvent,
  data: stt.SpeechData,
  known: Pick<Hypothesis, 'confidence' | 'interimIntervalMs'> & {
    before: CurrentInterim | undefined;
    nowMs: number;
  },
): CurrentInterim {
  const { text, language } = data;
  const { before, nowMs, confidence, interimIntervalMs } = known;
  return {
    event,
    text,
    confidence,
    unchangedSinceMs: before ? before.unchangedSinceMs : nowMs,
    revisions: before ? before.revisions + 1 : 1,
    lastInterimMs: nowMs,
    interimIntervalMs,
    engineSilenceMs: pausedMs(data),
    openingPhrase: isOpeningPhrase(text, language),
    incomplete: utteranceEnding(text, language) === 'incomplete' || isSentenceFragment(text, language),
    refused: before?.refused,
  };
}
