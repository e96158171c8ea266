import type { Hypothesis } from './decision.js';

/**
 * Whether an interim may be used as the final transcript. If not, check again after `waitMs`; `undefined`: not before
 * there is new input.
 */
export type FinaliseDecision = { final: true } | { final: false; waitMs: number | undefined };

/**
 * Whether the latest interim may be used as the final transcript before the engine sends one, because enough silence has
 * followed it. An interim from before the silence may lack the last word, so it needs twice as much silence.
 *
 * @param options.silenceMs required silence, ms
 */
export function shouldFinalise(
  hypothesis: Hypothesis,
  nowMs: number,
  options: { silenceMs: number },
): FinaliseDecision {
  const { silentSinceMs, lastInterimMs } = hypothesis;
  if (silentSinceMs === undefined) return { final: false, waitMs: undefined };
  const arrivedInSilence = lastInterimMs > silentSinceMs;
  const waitMs = silentSinceMs + options.silenceMs * (arrivedInSilence ? 1 : 2) - nowMs;
  return waitMs <= 0 ? { final: true } : { final: false, waitMs };
}
