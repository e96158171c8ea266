import type { EvidenceTurn } from '../evidence.js';
import { gainedMs, LLM_STAGES, waitedMs } from '../waited.js';

/** Usual time from the last word to the final transcript of hosted engines; an answer can start then at the latest. */
const USUAL_FINAL_MS = 250;

/** When the LLM was asked for the answer that was played: at the speculation that was kept, or else at the end of the turn. */
function askedMs({ speculation, parts }: EvidenceTurn): number | undefined {
  const { startedMs, endOfTurnMs, replyReleasedMs, logicMs = 0 } = parts;
  if (speculation?.kept === 1 && startedMs !== undefined) return startedMs;
  return endOfTurnMs === undefined ? replyReleasedMs : endOfTurnMs + logicMs;
}

/** How much of the wait for the LLM would be saved if the answer had been started at `fromMs`. */
function overBy(turn: EvidenceTurn, fromMs: number): number {
  const earlierMs = (askedMs(turn) ?? 0) - fromMs;
  if (earlierMs <= 0) return 0;
  return Math.min(earlierMs, gainedMs(turn, ...LLM_STAGES) ?? waitedMs(turn, ...LLM_STAGES));
}

/** Saved if the answer had been started at the final transcript, ms. */
export const savedFromFinalMs = (turn: EvidenceTurn): number =>
  overBy(turn, turn.parts.sttFinalMs ?? USUAL_FINAL_MS);

/** Saved if the answer had been started, and kept, at the last interim transcript, ms. */
export function savedFromInterimMs(turn: EvidenceTurn): number {
  const { interimMs = USUAL_FINAL_MS, sttFinalMs = USUAL_FINAL_MS } = turn.parts;
  return overBy(turn, Math.min(interimMs, sttFinalMs));
}

/** A speculation this much before the final transcript is not LiveKit's preemptive generation. */
const EARLY_MS = 40;
/** Whether speculation began clearly before the final transcript; LiveKit’s preemptive generation begins with it. */
export const startedBeforeFinal = (turn: EvidenceTurn): boolean => {
  const { startedMs, sttFinalMs } = turn.parts;
  if (!hasSpeculated(turn)) return false;
  // Of several speculations only the time of the last is recorded; the others came before it.
  return (turn.speculation?.cancelled ?? 0) > 0 || startedMs === undefined || sttFinalMs === undefined
    ? true
    : startedMs < sttFinalMs - EARLY_MS;
};

/** Whether an answer was started before the end of the turn. */
export const hasSpeculated = ({ speculation }: EvidenceTurn): boolean => (speculation?.started ?? 0) > 0;
/** Whether every answer that was started early was thrown away. */
export const wasDiscarded = ({ speculation }: EvidenceTurn): boolean =>
  speculation !== undefined && speculation.started > 0 && speculation.kept === 0;

/** A larger share of discarded speculations is a fault, not callers who keep talking. */
export const MAX_DISCARDED = 0.5;
