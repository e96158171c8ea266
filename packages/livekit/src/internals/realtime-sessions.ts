import type { llm } from '@livekit/agents';

/**
 * Calls `onSession` with each session that LiveKit opens of a realtime model, before its first event. Returns a function that stops.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, `_startSession`: it calls `llm.session()` once for each activity that
 *   does not take over the session of the activity before.
 * - If it changes: turns of realtime models are not recorded. `realtime/watch-realtime.test.ts` fails.
 */
export function onRealtimeSession(
  model: llm.RealtimeModel,
  onSession: (session: llm.RealtimeSession) => void,
): () => void {
  const listeners = listenersOf(model);
  listeners.add(onSession);
  return () => listeners.delete(onSession);
}

const LISTENERS = new WeakMap<llm.RealtimeModel, Set<(session: llm.RealtimeSession) => void>>();

/** The model's own method is replaced once: several sessions may use one model. */
function listenersOf(model: llm.RealtimeModel): Set<(session: llm.RealtimeSession) => void> {
  const known = LISTENERS.get(model);
  if (known) return known;
  const listeners = new Set<(session: llm.RealtimeSession) => void>();
  LISTENERS.set(model, listeners);
  const { session: open } = model;
  model.session = () => {
    const session = open.call(model);
    for (const listener of listeners) listener(session);
    return session;
  };
  return listeners;
}

/**
 * Sends an event that nobody needs after a realtime session has reconnected. The first one is lost.
 *
 * - Read in: `@livekit/agents-plugin-openai` 1.9.0, `realtime/realtime_model.ts`, `runWs`: the task of the lost connection still waits for
 *   an event of the queue, takes the next one, and drops it.
 * - If it changes: at most the caller's audio of a few milliseconds is cleared. Without it a rescue after a lost connection is not heard:
 *   `realtime/rescue.test.ts` fails.
 */
export function sendFirstAfterReconnect(session: llm.RealtimeSession | undefined): void {
  void session?.clearAudio();
}
