import type { SpeculationOptions } from './options.js';

/** Why a speculation was started. */
export type SpeculationReason = 'confident' | 'stable' | 'silence' | 'engine';

/** The STT's latest interim for the current speech segment. Times are on one clock, ms. */
export interface Hypothesis {
  /** 0 to 1; `undefined` if the engine reports none, or one that carries no information. */
  confidence?: number | undefined;
  /** When the words last changed. */
  unchangedSinceMs: number;
  /** Number of interims in a row with these words, 1 or more. */
  revisions: number;
  /** When the last interim with these words arrived. */
  lastInterimMs: number;
  /** Average time between the engine's interims, ms, if known. */
  interimIntervalMs?: number | undefined;
  /** The engine itself marked the interim as ready for an early answer (a preflight transcript). */
  preflight?: boolean | undefined;
  /** Silence is measured, and the caller speaks now. */
  speaking?: boolean | undefined;
  /** Silence after the words, from an engine that detects pauses itself, ms; 0: the caller still speaks. */
  engineSilenceMs?: number | undefined;
  /** An opening phrase such as "No" or "Okay", which more words usually follow: it needs a longer pause. */
  openingPhrase?: boolean | undefined;
  /** More words have to follow, such as after "the" or "could you": a speculation would be wasted. */
  incomplete?: boolean | undefined;
  /** Since when the caller has been silent; `undefined` if the caller speaks or silence is not measured. */
  silentSinceMs?: number | undefined;
}

/** Whether to start a speculation now, and why. */
export type SpeculationDecision =
  | { start: true; reason: SpeculationReason }
  /**
   * Not yet: check again after `waitMs` if there is no new input. `undefined`: only new input can change the decision.
   */
  | { start: false; waitMs: number | undefined };

/** After this many average intervals without an interim, the engine has nothing new to report. */
const STABLE_INTERVALS = 1.5;

/** Whether to start a speculation on the latest interim now. Of several reasons, the most reliable is named. */
export function shouldSpeculate(
  hypothesis: Hypothesis,
  nowMs: number,
  options: SpeculationOptions,
): SpeculationDecision {
  // Engines that detect turns mark the beginning of a turn, and its going on, in the same way as its likely end.
  if (hypothesis.preflight && !hypothesis.speaking) return { start: true, reason: 'engine' };
  if (hypothesis.incomplete) return { start: false, waitMs: undefined };
  const { engineSilenceMs = 0 } = hypothesis;
  if (engineSilenceMs > 0 && (!hypothesis.openingPhrase || engineSilenceMs >= options.silenceMs))
    return { start: true, reason: 'silence' };
  const waits: number[] = [];
  const { silentSinceMs } = hypothesis;
  // An interim from before the silence may lack the last word.
  const late = silentSinceMs === undefined || hypothesis.lastInterimMs >= silentSinceMs;
  // An engine whose interims are far apart has more to report for as long.
  const unreportedMs = STABLE_INTERVALS * (hypothesis.interimIntervalMs ?? 0);
  if (silentSinceMs !== undefined) {
    const silenceMs = late ? options.silenceMs : Math.max(2 * options.silenceMs, unreportedMs);
    const waitMs = silentSinceMs + silenceMs - nowMs;
    if (waitMs <= 0) return { start: true, reason: 'silence' };
    waits.push(waitMs);
  }
  if (hypothesis.confidence !== undefined) {
    // Confidence is about the words so far: more of them follow while the caller speaks.
    if (hypothesis.confidence >= options.minConfidence && late && !hypothesis.speaking)
      return { start: true, reason: 'confident' };
    // Below the required confidence, only silence starts a speculation.
    return { start: false, waitMs: waits[0] };
  }
  // The caller is still speaking: even if the transcript has not changed, it lacks the words being said now.
  if (hypothesis.engineSilenceMs !== undefined) return { start: false, waitMs: waits[0] };
  const stableMs = Math.max(options.stableMs, unreportedMs);
  const stableInMs = hypothesis.unchangedSinceMs + stableMs - nowMs;
  if (stableInMs <= 0 || hypothesis.revisions >= options.stableRevisions)
    return { start: true, reason: 'stable' };
  waits.push(stableInMs);
  return { start: false, waitMs: Math.min(...waits) };
}
