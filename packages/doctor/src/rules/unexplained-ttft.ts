import type { EvidenceTurn } from '../evidence.js';

/** What of a first token's time has a name already: reasoning, connecting, the provider's queue, a broken prefix. */
function explainedMs({ parts, llm }: EvidenceTurn): number {
  const { reasoningMs = 0, connectMs = 0 } = parts;
  return reasoningMs + connectMs + (llm?.providerTime?.queueMs ?? 0) + (llm?.prefixBreak?.costMs ?? 0);
}

/** The time to the first token without that; only of turns that tell one. */
export const unexplainedTtftMs = (turn: EvidenceTurn): number =>
  Math.max(0, turn.parts.ttftMs! - explainedMs(turn));
