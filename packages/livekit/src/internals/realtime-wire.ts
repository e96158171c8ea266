import type { EventEmitter } from 'node:events';
import type { llm } from '@livekit/agents';

/** What LiveKit's plugins do not export of the sessions of realtime models. */
interface PluginSession {
  /** The provider's own session behind LiveKit's adapter for full-duplex models (GPT-Live). */
  duplexSession?: EventEmitter;
  /** Google's plugin: the handle with which the session can be resumed. */
  sessionResumptionHandle?: unknown;
}

/**
 * The object that passes on the events of the provider's wire.
 *
 * - Read in: `@livekit/agents` 1.9.0, `llm/duplex_adapter.ts`, `DuplexRealtimeSession.duplexSession` (internal).
 * - If it changes: records of GPT-Live do not say that an emulated session is emulated, and its turns are taken for those of a
 *   provider that reports their end.
 */
export function wireEmitter(session: llm.RealtimeSession): llm.RealtimeSession | EventEmitter {
  return (session as PluginSession).duplexSession ?? session;
}

/**
 * Whether `input_speech_stopped` is the provider's report that the caller's turn is over.
 *
 * - Read in: `@livekit/agents-plugin-google` 1.9.0, `realtime/realtime_api.ts`: the plugin emits it when an answer is over; and
 *   `@livekit/agents-plugin-openai` 1.9.0, `realtime/gpt_live_model.ts`: 800 ms after the caller's last word. Neither provider
 *   reports the end of a turn.
 * - If it changes: such turns begin at the wrong moment, and have a wrong gap.
 */
export function reportsTurnEnds(session: llm.RealtimeSession): boolean {
  if ((session as PluginSession).duplexSession !== undefined) return false;
  return (session.realtimeModel as llm.RealtimeModel | undefined)?.label?.() !== 'google.RealtimeModel';
}

/**
 * Whether a session of Gemini Live has a connection that hears.
 *
 * - Read in: `@livekit/agents-plugin-google` 1.9.0, `realtime/realtime_api.ts`, `RealtimeSession.activeSession` (private).
 * - If it changes: `firstword bench` reports that Gemini Live opens no session. `speech-probe/realtime-probe.test.ts` fails.
 */
export const isGeminiOpen = (session: llm.RealtimeSession): boolean =>
  Reflect.get(session, 'activeSession') !== undefined;

const EMULATED = /^firstword_emulated:(.+):[^:]+$/;

/**
 * The profile of Firstword's emulator of Gemini Live, from the handle of the session; `undefined` for the real one.
 *
 * - Read in: `@livekit/agents-plugin-google` 1.9.0, `realtime/realtime_api.ts`, `RealtimeSession.sessionResumptionHandle` (private).
 * - If it changes: records of emulated sessions do not say that they are emulated.
 */
export function emulatedGeminiProfile(session: llm.RealtimeSession): string | undefined {
  const { sessionResumptionHandle: handle } = session as PluginSession;
  return typeof handle === 'string' ? EMULATED.exec(handle)?.[1] : undefined;
}
