import type { voice } from '@livekit/agents';

/**
 * Listens to events of a session.
 *
 * @param stops gets a function for each listener that removes it
 */
export function listenTo(session: voice.AgentSession, stops: (() => void)[]) {
  return <E extends Parameters<voice.AgentSession['on']>[0]>(
    event: E,
    handler: Parameters<typeof voice.AgentSession.prototype.on<E>>[1],
  ): void => {
    session.on(event, handler);
    stops.push(() => session.off(event, handler));
  };
}
