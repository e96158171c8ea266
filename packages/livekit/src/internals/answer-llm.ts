import { AsyncLocalStorage } from 'node:async_hooks';
import type { llm, voice } from '@livekit/agents';

const inUse = new AsyncLocalStorage<llm.LLM>();
const patched = new WeakSet<object>();

/**
 * Runs `reply`, in which the session makes a reply, so that an LLM answers in the place of the session's realtime model. Everything
 * that the reply starts uses it too, such as the answer to the results of tools. The realtime session stays open and hears on.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, getter `llm`: `generateReply` reads it at once, and `llmNode` in the
 *   task that it starts; `AgentSession._activity` (internal).
 * - If it changes: no LLM answers for a realtime model. `realtime/rescue.test.ts` fails.
 */
export function answerWith<Reply>(session: voice.AgentSession, model: llm.LLM, reply: () => Reply): Reply {
  const activity: object | undefined = session._activity;
  if (activity && !patched.has(activity)) {
    patched.add(activity);
    const before = getterOf(activity);
    Object.defineProperty(activity, 'llm', {
      configurable: true,
      get: () => inUse.getStore() ?? before?.call(activity),
    });
  }
  return inUse.run(model, reply);
}

/** The getter that is in use for `llm`: the activity's own if its parts were replaced, else that of its class. */
function getterOf(activity: object): (() => unknown) | undefined {
  for (let object: object | null = activity; object; object = Object.getPrototypeOf(object)) {
    const found = Object.getOwnPropertyDescriptor(object, 'llm')?.get;
    if (found) return found;
  }
  return undefined;
}

/** The session that LiveKit has opened of its realtime model. Read in: `AgentActivity.realtimeLLMSession`. */
export function realtimeSessionOf(session: voice.AgentSession): llm.RealtimeSession | undefined {
  return session._activity?.realtimeLLMSession;
}
