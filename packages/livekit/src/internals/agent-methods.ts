import type { voice } from '@livekit/agents';

/** The methods of an agent that Firstword wraps. */
type WrappedMethod = 'llmNode' | 'onUserTurnCompleted';

/**
 * Replaces one method of an agent that already exists by a wrapper around it.
 *
 * Both methods are public and meant to be overridden in a subclass, but the agent is the user's and already made, so the
 * wrapper is set as a property of the object. LiveKit has no event for either moment: `eou_metrics` arrives after the
 * answer has been chosen.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent.ts`, class `Agent`; called by `voice/agent_activity.ts` as
 *   `agent.llmNode(…)` and `agent.onUserTurnCompleted(…)`.
 * - If it changes: fillers are never said (`llmNode`), or the committed transcript keeps the interim's spelling and failed
 *   speculations are answered with silence (`onUserTurnCompleted`). `internals.test.ts` fails.
 *
 * @returns a function that restores the agent's own method
 */
export function wrapAgentMethod<Method extends WrappedMethod>(
  agent: voice.Agent,
  method: Method,
  wrap: (inner: voice.Agent[Method]) => voice.Agent[Method],
): () => void {
  const own = Object.getOwnPropertyDescriptor(agent, method);
  agent[method] = wrap(agent[method]);
  return () => {
    if (own) Object.defineProperty(agent, method, own);
    else Reflect.deleteProperty(agent, method);
  };
}
