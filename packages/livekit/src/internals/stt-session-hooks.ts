import type { stt } from '@livekit/agents';

/**
 * Passes the session's keyterms on to a wrapped STT.
 *
 * - Read in: `@livekit/agents` 1.9.0, `stt/stt.ts`, class `STT`, method `_updateSessionKeyterms` (marked internal).
 * - If it changes: the wrapped STT does not learn the session's keyterms, so names are recognised less well.
 *   `internals.test.ts` fails.
 */
export function forwardKeyterms(inner: stt.STT, keyterms: string[]): void {
  inner._updateSessionKeyterms(keyterms);
}

/**
 * Passes a new conversation item on to a wrapped STT, which uses it as context.
 *
 * - Read in: `@livekit/agents` 1.9.0, `stt/stt.ts`, class `STT`, method `_pushConversationItem` (marked internal).
 * - If it changes: the wrapped STT transcribes without the conversation as context. `internals.test.ts` fails.
 */
export function forwardConversationItem(
  inner: stt.STT,
  ...args: Parameters<stt.STT['_pushConversationItem']>
): void {
  inner._pushConversationItem(...args);
}
