import type { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Makes `value` the value of `storage` for all that LiveKit starts for a speech. Call it in a handler of the session's
 * `SpeechCreated` event.
 *
 * LiveKit emits that event and then starts the speech's tasks in the same tick and the same async context, so a value
 * entered in the handler reaches the LLM and TTS requests of that speech. LiveKit keeps an equivalent store
 * (`speechHandleStorage`) but does not export it.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, class `AgentActivity`, `generateReply` and
 *   `onPreemptiveGeneration`.
 * - If it changes: requests are no longer attributed to their speech. Speculations then look like committed requests:
 *   fillers are not said and TTS audio for speculations is not limited. `llm/prepared-session.test.ts` and
 *   `tts/filler-session.test.ts` fail.
 */
export function enterSpeechContext<T>(storage: AsyncLocalStorage<T>, value: T): void {
  storage.enterWith(value);
}
