import type { Marks, TurnRecord } from '@firstword/turn';

/**
 * Marks of a turn that another tool recorded as durations, as far as they can be derived: the TTS ended at the first frame,
 * the LLM began at the reply's release, or earlier where it must have been started before the commit.
 */
export function reportedMarks({ marks, imported }: TurnRecord): Marks {
  const { speechEnded, framePublished } = marks;
  if (!imported || speechEnded === undefined || framePublished === undefined) return marks;
  const { llmTtftMs, ttsTtfbMs, endOfTurnDelayMs, userLogicMs, transcriptionDelayMs } = imported;
  const at = (ms: number | undefined) => (ms === undefined ? undefined : speechEnded + ms);
  const turnCommitted = at(endOfTurnDelayMs);
  const logicEnded = turnCommitted === undefined || !userLogicMs ? undefined : turnCommitted + userLogicMs;
  const known: Marks = {
    speechEnded,
    finalTranscript: at(transcriptionDelayMs),
    turnCommitted,
    ...(logicEnded === undefined ? {} : { logicStarted: turnCommitted, logicEnded }),
    framePublished,
  };
  if (ttsTtfbMs === undefined || llmTtftMs === undefined) return known;
  const ttsRequested = framePublished - ttsTtfbMs;
  const releasedMs = logicEnded ?? turnCommitted ?? at(imported.replyReleasedMs);
  const llmRequested = Math.min(releasedMs ?? Number.POSITIVE_INFINITY, ttsRequested - llmTtftMs);
  const firstContent = llmRequested + llmTtftMs;
  return {
    ...known,
    llmRequested,
    firstContent,
    firstClause: ttsRequested,
    ttsRequested,
    ttsFirstByte: framePublished,
  };
}
