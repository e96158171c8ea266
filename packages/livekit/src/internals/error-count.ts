import type { voice } from '@livekit/agents';

/**
 * Keeps errors from being counted towards `maxUnrecoverableErrors`, at which LiveKit closes the session. The session's
 * `error` event is still emitted.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_session.ts`, method `_onError`, called by `voice/agent_activity.ts`.
 * - If it changes: during an outage one utterance with several failed speculations ends the call. `internals.test.ts` fails.
 *
 * @param isCounted called while an error is reported, in the async context of the request that failed
 * @returns a function that stops it
 */
export function filterCountedErrors(session: voice.AgentSession, isCounted: () => boolean): () => void {
  const inner = session._onError;
  session._onError = (error) => {
    if (isCounted()) inner.call(session, error);
  };
  return () => {
    session._onError = inner;
  };
}
