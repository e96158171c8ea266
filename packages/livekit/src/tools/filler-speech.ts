import type { voice } from '@livekit/agents';
import { SessionListeners } from '../observe/session-listeners.js';

const next = new SessionListeners<void>();

/** Calls `listener` just before the session creates a speech that is a filler; the returned function stops it. */
export function watchFillerSpeech(session: voice.AgentSession, listener: () => void): () => void {
  return next.watch(session, listener);
}

/** The next speech that the session creates is a filler: it is not part of an answer, nor said in place of one. */
export function announceFillerSpeech(session: voice.AgentSession): void {
  next.report(session);
}
