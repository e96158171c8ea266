import type { SpeculationOptions } from './options.js';

/** What made words worth an early start. */
export type SpeculationReason = 'confident' | 'stable' | 'silence' | 'engine';

/** What the engine believes it has heard of the segment in hand. Times on one clock, ms. */
export interface Hypothesis {
  /** 0 to 1; `undefined` where the engine tells none, or none that can be believed. */
  confidence?: number | undefined;
  /** When the words took this form. */
  unchangedSinceMs: number;
  /** Interims in a row with these words; 1 or more. */
  revisions: number;
  /** When an interim last said them. */
  lastInterimMs: number;
  /** The engine's usual time from one interim to the next, ms, where it is known. */
  interimIntervalMs?: number | undefined;
  /** The engine itself says that they are worth a start. */
  preflight?: boolean | undefined;
  /** So much silence follows them, as an engine tells that hears pauses itself, ms; 0: the voice goes on. */
  engineSilenceMs?: number | undefined;
  /** They may be all, but mostly are not, such as "No" or "Okay": they wait for a longer pause. */
  openingPhrase?: boolean | undefined;
  /** More has to follow them, such as after "the" or "could you": an answer to them would be thrown away. */
  incomplete?: boolean | undefined;
  /** Since when the caller is silent, where somebody listens for that. */
  silentSinceMs?: number | undefined;
}

export type SpeculationDecision =
  | { start: true; reason: SpeculationReason }
  /** Not yet; look again after `waitMs` if nothing changed. `undefined`: only news can change the answer. */
  | { start: false; waitMs: number | undefined };

/** An engine that has told nothing for so many times its usual pace has nothing new to tell. */
const PACES = 1.5;

/** Whether words are worth an early start now. The surest reason is named. */
export function shouldSpeculate(
  heard: Hypothesis,
  nowMs: number,
  options: SpeculationOptions,
): SpeculationDecision {
  if (heard.preflight) return { start: true, reason: 'engine' };
  if (heard.incomplete) return { start: false, waitMs: undefined };
  const { engineSilenceMs = 0 } = heard;
  if (engineSilenceMs > 0 && (!heard.openingPhrase || engineSilenceMs >= options.silenceMs))
    return { start: true, reason: 'silence' };
  const waits: number[] = [];
  if (heard.silentSinceMs !== undefined) {
    // Words told before the silence began may lack the last one: they must outlast it as long again.
    const late = heard.lastInterimMs >= heard.silentSinceMs;
    const waitMs = heard.silentSinceMs + options.silenceMs * (late ? 1 : 2) - nowMs;
    if (waitMs <= 0) return { start: true, reason: 'silence' };
    waits.push(waitMs);
  }
  if (heard.confidence !== undefined) {
    if (heard.confidence >= options.minConfidence) return { start: true, reason: 'confident' };
    // An engine that doubts its words is believed: only silence makes them worth a start.
    return { start: false, waitMs: waits[0] };
  }
  // Words that stay the same while the voice goes on lack what is being said.
  if (heard.engineSilenceMs !== undefined) return { start: false, waitMs: waits[0] };
  const stableMs = Math.max(options.stableMs, PACES * (heard.interimIntervalMs ?? 0));
  const stableInMs = heard.unchangedSinceMs + stableMs - nowMs;
  if (stableInMs <= 0 || heard.revisions >= options.stableRevisions) return { start: true, reason: 'stable' };
  waits.push(stableInMs);
  return { start: false, waitMs: Math.min(...waits) };
}
