import type { voice } from '@livekit/agents';

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

type Listener = (repair: Repair) => void;

const listeners = new WeakMap<voice.AgentSession, Set<Listener>>();

/** Calls `listener` whenever a cut-off of this session is repaired; the returned function stops it. */
export function watchRepairs(session: voice.AgentSession, listener: Listener): () => void {
  const ofSession = listeners.get(session) ?? new Set();
  listeners.set(session, ofSession.add(listener));
  return () => ofSession.delete(listener);
}

/** Calls the listeners of a session. */
export function reportRepair(session: voice.AgentSession, repair: Repair): void {
  for (const listener of listeners.get(session) ?? []) listener(repair);
}
