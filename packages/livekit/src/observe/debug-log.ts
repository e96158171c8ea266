import type { SpeculationReason, SpeculationRefusal } from '@firstword/turn';
import { log, loggerOptions } from '@livekit/agents';

/** A part of Firstword whose debug lines `FIRSTWORD_DEBUG` selects by this name. */
type DebugArea = 'speculation';

/** Why a speculation that was worth a start was not started. */
export type RefusalReason =
  | SpeculationRefusal
  /** LiveKit drops speculations while a reply is being spoken or made. */
  | 'reply active';

/** Why a running speculation was cancelled. */
export type CancelReason =
  /** A later interim transcript has other words; a new speculation replaces this one. */
  | 'words changed'
  /** The final transcript has other words. */
  | 'final differs'
  /** LiveKit did not use it at the commit: the words, the context or the tools were others. */
  | 'not kept'
  /** Its LLM request failed; LiveKit asks again at the commit. */
  | 'LLM failed'
  /** LiveKit ended it before the commit, as at a hand-off or while the session closes. */
  | 'dropped by LiveKit'
  | 'session closed';

/** Logs that a speculation was refused; `trigger` is what made the words worth a start. */
export function logRefused(reason: RefusalReason, trigger: SpeculationReason): void {
  debugLine('speculation', 'refused', { reason, trigger });
}

/** Logs that a running speculation was cancelled; `wastedTokens` is an estimate. */
export function logCancelled(reason: CancelReason, wastedTokens: number): void {
  debugLine('speculation', 'cancelled', { reason, wastedTokens });
}

/** Logs that a speculation waits for the commit, because `prepare` failed and is run again only then. */
export function logHeld(): void {
  debugLine('speculation', 'held until the commit', { reason: 'prepare failed' });
}

/**
 * Writes a line at LiveKit's level `debug`. Where that level is off, `FIRSTWORD_DEBUG` writes it to stderr: `1` for all
 * areas, or their names separated by commas. Facts are figures and reasons, never words of the call.
 */
function debugLine(area: DebugArea, event: string, facts: Record<string, string | number>): void {
  const text = `firstword: ${area} ${event}`;
  // LiveKit's log() throws before initializeLogger(), for example where an STT runs without a session.
  if (loggerOptions() && log().isLevelEnabled('debug')) log().debug(facts, text);
  else if (isSelected(area)) process.stderr.write(`${text} ${JSON.stringify(facts)}\n`);
}

function isSelected(area: DebugArea): boolean {
  const areas = process.env.FIRSTWORD_DEBUG?.split(',').map((name) => name.trim()) ?? [];
  return areas.includes('1') || areas.includes(area);
}
