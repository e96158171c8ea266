import type { Marks, TurnRecord } from '@firstword/turn';

/**
 * The moments of a turn that another tool recorded as durations, as far as they follow: the voice ended at the first frame,
 * the LLM began with the reply's release, or so much sooner that all fits in (it was started before the commit).
 */
export function reportedMarks({ marks, imported }: TurnRecord): Marks {
  const { speechEnded, framePublished } = marks;
  if (!imported || speechEnded === undefined || framePublished === undefined) return marks;
  const { llmTtftMs, ttsTtfbMs, endOfTurnDelayMs, userLogicMs, transcriptionDelayMs } = imported;
  const at = (ms: number | undefined) => (ms === undefined ? undefined : speechEnded + ms);
  const turnCommitted = at(endOfTurnDelayMs);
  const logicEnded = turnCommitted === undefined || !userLogicMs ? undefined : turnCommitted + userLogicMs;
  const told: Marks = {
    speechEnded,
    finalTranscript: at(transcriptionDelayMs),
    turnCommitted,
    ...(logicEnded === undefined ? {} : { logicStarted: turnCommitted, logicEnded }),
    framePublished,
  };
  if (ttsTtfbMs === undefined || llmTtftMs === undefined) return told;
  const ttsRequested = framePublished - ttsTtfbMs;
  const releasedMs = logicEnded ?? turnCommitted ?? at(imported.replyReleasedMs);
  const llmRequested = Math.min(releasedMs ?? Number.POSITIVE_INFINITY, ttsRequested - llmTtftMs);
  const firstContent = llmRequested + llmTtftMs;
  return {
    ...told,
    llmRequested,
    firstContent,
    firstClause: ttsRequested,
    ttsRequested,
    ttsFirstByte: framePublished,
  };
}
