import type { EvidenceTurn } from '../evidence.js';
import { waitedMs } from '../waited.js';

/** Hosted engines give the final transcript this long after the last word; an answer can start at the latest then. */
const USUAL_FINAL_MS = 250;

/** When the LLM was asked whose answer was heard: with a start that was kept, or else when the turn was over. */
function askedMs({ speculation, parts }: EvidenceTurn): number | undefined {
  const { startedMs, endOfTurnMs, replyReleasedMs, logicMs = 0 } = parts;
  if (speculation?.kept === 1 && startedMs !== undefined) return startedMs;
  return endOfTurnMs === undefined ? replyReleasedMs : endOfTurnMs + logicMs;
}

/** How much of the wait for the LLM would have been over, had the answer begun at `fromMs`. */
function overBy(turn: EvidenceTurn, fromMs: number): number {
  const waited = waitedMs(turn, 'llm', 'reasoning', 'connection', 'request');
  return Math.max(0, Math.min((askedMs(turn) ?? 0) - fromMs, waited));
}

/** Had it begun with the final transcript. */
export const savedFromFinalMs = (turn: EvidenceTurn): number =>
  overBy(turn, turn.parts.sttFinalMs ?? USUAL_FINAL_MS);

/** Had it begun, as one did that was thrown away, with the words before that: the last interim transcript's. */
export function savedFromInterimMs(turn: EvidenceTurn): number {
  const { interimMs = USUAL_FINAL_MS, sttFinalMs = USUAL_FINAL_MS } = turn.parts;
  return overBy(turn, Math.min(interimMs, sttFinalMs));
}

/** Begun well before the final transcript, and not by LiveKit's own start with it. */
const EARLY_MS = 40;
/** Whether speculation began clearly before the final transcript; LiveKit’s preemptive generation begins with it. */
export const startedBeforeFinal = (turn: EvidenceTurn): boolean => {
  const { startedMs, sttFinalMs } = turn.parts;
  if (!hasSpeculated(turn)) return false;
  // Of several starts only the last one's time is told: the others were before it.
  return (turn.speculation?.cancelled ?? 0) > 0 || startedMs === undefined || sttFinalMs === undefined
    ? true
    : startedMs < sttFinalMs - EARLY_MS;
};

/** Whether an answer was started before the end of the turn. */
export const hasSpeculated = ({ speculation }: EvidenceTurn): boolean => (speculation?.started ?? 0) > 0;
/** Whether every answer that was started early was thrown away. */
export const wasDiscarded = ({ speculation }: EvidenceTurn): boolean =>
  speculation !== undefined && speculation.started > 0 && speculation.kept === 0;

/** Discards of this share of the turns are a fault, not callers who go on talking. */
export const MAX_DISCARDED = 0.5;
