import { ascending, percentile } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { publishedTtft } from '../references.js';
import { hasLedger } from '../waited.js';

/** The fastest tenth of a model's first tokens takes this share of its published median; prompts there are long. */
export const FASTEST_SHARE = 0.5;
/** The same of a model that is not named, ms: about half of what the published models in use take. */
const FASTEST_UNNAMED_MS = 300;
/** The fastest first bytes of hosted voices, ms. */
const FASTEST_VOICE_MS = 150;

/** A smaller delay is within what vendors differ by; a larger one is no distance. */
const MIN_MS = 250;
const MAX_MS = 900;
/** The times of each stage differ by no more than this share of its delay: it is only shifted, not stretched. */
const MAX_SPREAD = 0.6;
/** The smaller of both delays is at least this share of the larger one. */
const ALIKE = 0.6;
const MIN_TURNS = 6;

/** Turns whose first tokens nothing else is known to delay. */
export const isPlain = (turn: EvidenceTurn): boolean =>
  turn.parts.ttftMs !== undefined &&
  !hasLedger(turn) &&
  !turn.isRealtime &&
  turn.events.length === 0 &&
  (turn.llm?.tokens?.reasoningTokens ?? 0) === 0;

/** The delay of every value above the fastest elsewhere, ms; `undefined` where they are not shifted by a constant. */
function constantOf(values: readonly number[], fastestMs: number): number | undefined {
  const sorted = ascending(values);
  const [fast, slow] = [percentile(sorted, 10), percentile(sorted, 90)];
  const delayMs = fast - fastestMs;
  return delayMs < MIN_MS || delayMs > MAX_MS || slow - fast > MAX_SPREAD * delayMs ? undefined : delayMs;
}

/** A delay that the LLM and the TTS have in common, and the turns that show it. */
export interface SharedDelay {
  llmMs: number;
  voiceMs: number;
  turns: readonly EvidenceTurn[];
}

/**
 * The delay that two vendors, one for the LLM and one for the voice, have in common. Each may be slow by itself; that both are
 * late by about the same constant comes from what lies between them and the agent.
 */
export function sharedDelay(evidence: Evidence): SharedDelay | undefined {
  const turns = evidence.answered.filter((turn) => isPlain(turn) && turn.parts.ttsMs !== undefined);
  if (turns.length < MIN_TURNS) return undefined;
  const delays = turns.map(({ llm, parts }) => {
    const published = llm && publishedTtft(llm, evidence.ranges);
    return parts.ttftMs! - (published ? FASTEST_SHARE * published.p50Ms : FASTEST_UNNAMED_MS);
  });
  const llmMs = constantOf(delays, 0);
  const voiceMs = constantOf(
    turns.map(({ parts }) => parts.ttsMs!),
    FASTEST_VOICE_MS,
  );
  if (llmMs === undefined || voiceMs === undefined) return undefined;
  return Math.min(llmMs, voiceMs) < ALIKE * Math.max(llmMs, voiceMs) ? undefined : { llmMs, voiceMs, turns };
}
