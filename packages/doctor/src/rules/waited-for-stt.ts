import type { EvidenceTurn } from '../evidence.js';
import { hasLedger, waitedMs } from '../waited.js';

/** A commit within this time after the final transcript waited for it. */
const SOON_MS = 60;

/** Whether the end of the turn waited for the final transcript, not for a delay. */
export function waitedForStt(turn: EvidenceTurn): boolean {
  const { sttFinalMs, endOfTurnMs, endpointWaitMs } = turn.parts;
  if (hasLedger(turn)) return waitedMs(turn, 'stt') > waitedMs(turn, 'endpointing');
  if (sttFinalMs === undefined || endOfTurnMs === undefined) return false;
  return endOfTurnMs - sttFinalMs < SOON_MS && (endpointWaitMs ?? 0) <= sttFinalMs;
}
