import type { EvidenceTurn } from '../evidence.js';

/** The part of the time to first token that other rules explain: reasoning, connecting, the provider's queue, a broken prefix. */
function explainedMs({ parts, llm }: EvidenceTurn): number {
  const { reasoningMs = 0, connectMs = 0 } = parts;
  return reasoningMs + connectMs + (llm?.providerTime?.queueMs ?? 0) + (llm?.prefixBreak?.costMs ?? 0);
}

/** The time to first token without that part, ms. The turn must have a `ttftMs`. */
export const unexplainedTtftMs = (turn: EvidenceTurn): number =>
  Math.max(0, turn.parts.ttftMs! - explainedMs(turn));
