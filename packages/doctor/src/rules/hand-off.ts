import type { EvidenceTurn } from '../evidence.js';
import { beforeReplyMs, hasLedger, waitedMs } from '../waited.js';

/** Ignore differences below the resolution of rounded figures and audio frames. */
const NOISE_MS = 40;

/**
 * Time between the first token and the text that the TTS received. Without a ledger it is the gap less the reported parts,
 * if the end of the turn is among them: LiveKit's time to first byte begins when text reaches the TTS.
 * @returns `undefined` where it cannot be computed
 */
export function handOffMs(turn: EvidenceTurn): number | undefined {
  const { ttftMs, ttsMs, clauseMs } = turn.parts;
  // The ledger's "held for the commit" ends after the commit: text that was ready would have been sent at once.
  if (hasLedger(turn)) return Math.min(waitedMs(turn, 'clause', 'held'), clauseMs ?? 0);
  const beforeMs = beforeReplyMs(turn);
  if (turn.measure !== 'firstFrame' || turn.gapMs === undefined) return undefined;
  if (ttftMs === undefined || ttsMs === undefined || beforeMs === undefined || turn.toolCalls > 0)
    return undefined;
  const restMs = turn.gapMs - beforeMs - ttftMs - ttsMs;
  return restMs > NOISE_MS ? restMs : 0;
}

/** A first clause is complete after this, at 100 tokens a second or more. */
export const REACHABLE_MS = 60;

/** Whether Firstword's hand-off by clauses is on. */
export const hasClauses = ({ levers }: EvidenceTurn): boolean => levers?.clause === true;
