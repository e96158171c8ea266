import type { Hypothesis } from './decision.js';

/** Whether words may stand for the engine's final ones; if not yet, when to look again. */
export type FinaliseDecision = { final: true } | { final: false; waitMs: number | undefined };

/**
 * Whether the words in hand may be taken for final before the engine says so: somebody who listens for silence has heard
 * enough of it since. Words told before the silence began may lack the last one, and must outlast twice as much.
 */
export function shouldFinalise(
  heard: Hypothesis,
  nowMs: number,
  options: { silenceMs: number },
): FinaliseDecision {
  const { silentSinceMs, lastInterimMs } = heard;
  if (silentSinceMs === undefined) return { final: false, waitMs: undefined };
  const toldInSilence = lastInterimMs > silentSinceMs;
  const waitMs = silentSinceMs + options.silenceMs * (toldInSilence ? 1 : 2) - nowMs;
  return waitMs <= 0 ? { final: true } : { final: false, waitMs };
}
