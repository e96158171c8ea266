import type { EvidenceTurn } from '../evidence.js';
import { hasLedger, waitedMs } from '../waited.js';

/** A commit this soon after the final transcript was waiting for it. */
const SOON_MS = 60;

/** The end of the turn waited for the transcript, not for a delay. */
export function waitedForStt(turn: EvidenceTurn): boolean {
  const { sttFinalMs, endOfTurnMs, endpointWaitMs } = turn.parts;
  if (hasLedger(turn)) return waitedMs(turn, 'stt') > waitedMs(turn, 'endpointing');
  if (sttFinalMs === undefined || endOfTurnMs === undefined) return false;
  return endOfTurnMs - sttFinalMs < SOON_MS && (endpointWaitMs ?? 0) <= sttFinalMs;
}
