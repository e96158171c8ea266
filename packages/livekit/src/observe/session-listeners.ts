import type { voice } from '@livekit/agents';

/** Who is notified of one kind of event, by session. LiveKit's own events cannot carry it. */
export class SessionListeners<Event> {
  readonly #listeners = new WeakMap<voice.AgentSession, Set<(event: Event) => void>>();

  /** Calls `listener` at each event of this session; the returned function stops it. */
  watch(session: voice.AgentSession, listener: (event: Event) => void): () => void {
    const ofSession = this.#listeners.get(session) ?? new Set();
    this.#listeners.set(session, ofSession.add(listener));
    return () => ofSession.delete(listener);
  }

  report(session: voice.AgentSession, event: Event): void {
    for (const listener of this.#listeners.get(session) ?? []) listener(event);
  }
}
