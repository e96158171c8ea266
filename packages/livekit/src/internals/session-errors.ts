import { voice } from '@livekit/agents';

type SessionError = Parameters<voice.AgentSession['_onError']>[0];

/**
 * Decides which errors a session reports: by its `error` event, and towards `maxUnrecoverableErrors`, at which LiveKit closes it.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_session.ts`, methods `emit` and `_onError`, called one after the other by
 *   `onError` of `voice/agent_activity.ts`.
 * - If it changes: during an outage one utterance with several failed speculations ends the call, and each of them reaches the
 *   user's `error` handler. `internals.test.ts` fails.
 *
 * @param decide called in the async context of the request that failed; calls `report`, now or later, if the error is to be
 *   reported. It is called twice for an error, for the event and for the count.
 * @returns a function that stops it
 */
export function filterSessionErrors(
  session: voice.AgentSession,
  decide: (error: SessionError, report: () => void, what: 'event' | 'count') => void,
): () => void {
  const { emit, _onError } = session;
  const own = Object.getOwnPropertyDescriptor(session, 'emit');
  const filtered = (event: string | symbol, ...args: unknown[]): boolean => {
    const pass = () => Reflect.apply(emit, session, [event, ...args]) as boolean;
    const [first] = args;
    if (event !== voice.AgentSessionEventTypes.Error || !isErrorEvent(first)) return pass();
    decide(first.error, pass, 'event');
    return true;
  };
  Object.defineProperty(session, 'emit', { configurable: true, writable: true, value: filtered });
  session._onError = (error) => decide(error, () => _onError.call(session, error), 'count');
  return () => {
    session._onError = _onError;
    if (own) Object.defineProperty(session, 'emit', own);
    else Reflect.deleteProperty(session, 'emit');
  };
}

function isErrorEvent(event: unknown): event is { error: SessionError } {
  return typeof event === 'object' && event !== null && 'error' in event;
}
