import type { stt } from '@livekit/agents';

/** A final that repeats the previous one within this time, with nothing in between, is a duplicate and is dropped, ms. */
const REPEATED_FINAL_MS = 300;

/** The newest final transcript: as the STT wrote it, and as it was emitted to LiveKit. */
export interface LastFinal {
  event: stt.SpeechEvent;
  text: string;
  given: string;
  atMs: number;
  /** Something else was transcribed since, so the same words once more are new speech. */
  stale: boolean;
}

/** Whether a final with the same words as the last one is the same speech. */
export function isSameSpeech(
  last: LastFinal,
  event: stt.SpeechEvent,
  data: stt.SpeechData,
  nowMs: number,
): boolean {
  const before = last.event.alternatives?.[0];
  if (data.endTime > 0 && before?.endTime === data.endTime && before.startTime === data.startTime)
    return true;
  // Sent at once, but for later audio: the caller said the same words twice ("five, five").
  if (before && before.endTime > 0 && data.startTime >= before.endTime) return false;
  return event.requestId === last.event.requestId && nowMs - last.atMs < REPEATED_FINAL_MS;
}
