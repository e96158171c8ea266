import type { voice } from '@livekit/agents';

type CountedError = Parameters<voice.AgentSession['_onError']>[0];

/**
 * Decides which errors count towards `maxUnrecoverableErrors`, at which LiveKit closes the session. The session's `error`
 * event is emitted for all of them.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_session.ts`, method `_onError`, called by `voice/agent_activity.ts`.
 * - If it changes: during an outage one utterance with several failed speculations ends the call. `internals.test.ts` fails.
 *
 * @param decide called while an error is reported, in the async context of the request that failed; calls `count`, now or
 *   later, if the error counts
 * @returns a function that stops it
 */
export function filterCountedErrors(
  session: voice.AgentSession,
  decide: (error: CountedError, count: () => void) => void,
): () => void {
  const inner = session._onError;
  session._onError = (error) => decide(error, () => inner.call(session, error));
  return () => {
    session._onError = inner;
  };
}
