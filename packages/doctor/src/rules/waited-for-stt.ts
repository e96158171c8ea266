import type { EvidenceTurn } from '../evidence.js';
import { gainedMs, hasLedger, waitedMs } from '../waited.js';

/** A commit within this time after the final transcript waited for it. */
const SOON_MS = 60;

/**
 * Whether the end of the turn waited for the final transcript, and not for a delay that ended at about the same time: then
 * a faster transcript alone would gain next to nothing.
 */
export function waitedForStt(turn: EvidenceTurn): boolean {
  const { sttFinalMs, endOfTurnMs, endpointWaitMs } = turn.parts;
  if (hasLedger(turn))
    return (
      waitedMs(turn, 'stt') > waitedMs(turn, 'endpointing') &&
      (gainedMs(turn, 'stt') ?? Number.POSITIVE_INFINITY) > SOON_MS
    );
  if (sttFinalMs === undefined || endOfTurnMs === undefined) return false;
  return endOfTurnMs - sttFinalMs < SOON_MS && (endpointWaitMs ?? 0) <= sttFinalMs;
}
