import type { Marks, TurnRecord } from '@firstword/turn';

/** A commit that follows the final transcript within this time waited for it; a later one waited for a delay. */
const AT_ONCE_MS = 60;

/**
 * A first sentence is written within this time, at 15 tokens a second or more. A longer time between the first token and the
 * text for the TTS is something else, which is not reported.
 */
export const LONGEST_SENTENCE_MS = 2_000;

/** The end of a turn, the user's code, the first token and the first byte in a row: the gap of a log that reports no total. */
function sumOfParts({
  endOfTurnDelayMs,
  userLogicMs = 0,
  llmTtftMs,
  ttsTtfbMs,
}: Imported): number | undefined {
  if (endOfTurnDelayMs === undefined || llmTtftMs === undefined || ttsTtfbMs === undefined) return undefined;
  return endOfTurnDelayMs + userLogicMs + llmTtftMs + ttsTtfbMs;
}

type Imported = NonNullable<TurnRecord['imported']>;

/** When the delay before the commit had run out, if the commit waited for one. */
function elapsed(
  { endOfTurnDelayMs, transcriptionDelayMs = 0 }: Imported,
  turnCommitted: number | undefined,
) {
  const isDelay = endOfTurnDelayMs !== undefined && endOfTurnDelayMs - transcriptionDelayMs > AT_ONCE_MS;
  return isDelay && turnCommitted !== undefined ? { endpointingElapsed: turnCommitted } : {};
}

/** When the TTS got its text: known, or, where nothing else can have taken the time, from the first token on. */
function clauseOf(
  imported: Imported,
  at: { llmRequested: number; firstContent: number; ttsRequested: number },
) {
  const { llmFirstSentenceMs } = imported;
  const { llmRequested, firstContent, ttsRequested } = at;
  if (llmFirstSentenceMs !== undefined)
    return { firstClause: Math.min(Math.max(firstContent, llmRequested + llmFirstSentenceMs), ttsRequested) };
  return ttsRequested - firstContent > LONGEST_SENTENCE_MS ? {} : { firstClause: ttsRequested };
}

/**
 * Marks of a turn that another tool recorded as durations, as far as they can be derived: the TTS ended at the first frame,
 * the LLM began at the reply's release, or earlier where it must have been started before the commit.
 */
export function reportedMarks({ marks, imported }: Pick<TurnRecord, 'marks' | 'imported'>): Marks {
  if (!imported) return marks;
  const total = sumOfParts(imported);
  const speechEnded = marks.speechEnded ?? (total === undefined ? undefined : 0);
  const framePublished =
    marks.framePublished ??
    (imported.e2eMs === undefined && total !== undefined && speechEnded !== undefined
      ? speechEnded + total
      : undefined);
  if (speechEnded === undefined || framePublished === undefined) return marks;
  const { llmTtftMs, ttsTtfbMs, endOfTurnDelayMs, userLogicMs, transcriptionDelayMs } = imported;
  const at = (ms: number | undefined) => (ms === undefined ? undefined : speechEnded + ms);
  const turnCommitted = at(endOfTurnDelayMs);
  const logicEnded = turnCommitted === undefined || !userLogicMs ? undefined : turnCommitted + userLogicMs;
  const known: Marks = {
    speechEnded,
    finalTranscript: at(transcriptionDelayMs),
    ...elapsed(imported, turnCommitted),
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
    ...clauseOf(imported, { llmRequested, firstContent, ttsRequested }),
    ttsRequested,
    ttsFirstByte: framePublished,
  };
}
