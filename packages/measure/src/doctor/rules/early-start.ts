import type { Turn } from '../evidence.js';
import { waitedMs } from '../waited.js';

/** Hosted engines give the final transcript this long after the last word; an answer can start at the latest then. */
const USUAL_FINAL_MS = 250;

/** How much of the wait for the LLM would have been over, had the answer begun with the transcript and not with the commit. */
export function startableMs(turn: Turn): number {
  const { endOfTurnMs, replyReleasedMs, sttFinalMs = USUAL_FINAL_MS, logicMs = 0 } = turn.parts;
  const committedMs = endOfTurnMs === undefined ? replyReleasedMs : endOfTurnMs + logicMs;
  if (committedMs === undefined) return 0;
  const waited = waitedMs(turn, 'llm', 'reasoning', 'connection', 'request');
  return Math.max(0, Math.min(committedMs - sttFinalMs, waited));
}

export const wasStarted = ({ speculation }: Turn): boolean => (speculation?.started ?? 0) > 0;
export const wasDiscarded = ({ speculation }: Turn): boolean =>
  speculation !== undefined && speculation.started > 0 && speculation.kept === 0;

/** Discards of this share of the turns are a fault, not callers who go on talking. */
export const MOST_DISCARDED = 0.5;
