import type { voice } from '@livekit/agents';
import { SessionListeners } from '../observe/session-listeners.js';

/** A cut-off that is being repaired. */
export interface Repair {
  /** LiveKit's id of the half's answer; `undefined` if it had not been asked for. */
  speechId: string | undefined;
  /** The words of the half. */
  words: string;
  /** From the commit of the half to the first sound with which the caller went on, ms. */
  resumedMs: number;
  /** From that sound until the agent stopped sending its answer, ms; `undefined` if none was audible. */
  stoppedMs: number | undefined;
}

const repairs = new SessionListeners<Repair>();

/** Calls `listener` whenever a cut-off of this session is repaired; the returned function stops it. */
export function watchRepairs(session: voice.AgentSession, listener: (repair: Repair) => void): () => void {
  return repairs.watch(session, listener);
}

/** Calls the listeners of a session. */
export function reportRepair(session: voice.AgentSession, repair: Repair): void {
  repairs.report(session, repair);
}
