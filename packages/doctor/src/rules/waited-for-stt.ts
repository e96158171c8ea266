import type { EvidenceTurn } from '../evidence.js';
import { hasLedger } from '../waited.js';

/** Two that end within this time of each other end together; a commit within it after the final transcript waited for it. */
const SOON_MS = 60;

/** Whether the end of the turn waited for the final transcript, or for a delay that ended together with it. */
export function waitedForStt(turn: EvidenceTurn): boolean {
  const { sttFinalMs, endOfTurnMs, endpointWaitMs = 0 } = turn.parts;
  if (sttFinalMs === undefined) return false;
  if (hasLedger(turn)) return sttFinalMs > endpointWaitMs - SOON_MS;
  return endOfTurnMs !== undefined && endOfTurnMs - sttFinalMs < SOON_MS && endpointWaitMs <= sttFinalMs;
}

/** Whether the end of the turn waited for a delay, or for a final transcript that came together with its end. */
export function waitedForDelay(turn: EvidenceTurn): boolean {
  const { sttFinalMs = 0, endpointWaitMs } = turn.parts;
  const isTogether = hasLedger(turn) && endpointWaitMs !== undefined && endpointWaitMs > sttFinalMs - SOON_MS;
  return isTogether || !waitedForStt(turn);
}
