import type { Clock } from '@firstword/turn';
import type { EmulatedAnswer, EmulatedMessage, EmulatedToolChoice, OfferedTool } from '../chat/chat.js';
import type { EmulatorOptions } from '../options.js';
import type { Recognizer } from '../speech/hear/recognizer.js';
import type { Voice } from '../speech/tts/voice.js';
import type { RealtimeFaultPlan } from './core/faults.js';
import type { RealtimeProfile } from './core/profiles.js';

/** The request for which an answer is needed. */
export interface RealtimeQuestion {
  /** The conversation so far. The instructions of the session or of the response come first, as a system message. */
  messages: readonly EmulatedMessage[];
  tools: readonly OfferedTool[];
  toolChoice: EmulatedToolChoice;
  /** Number of the response, counted from 1. */
  response: number;
}

/** Returns the emulated model's answers. GPT-Live with client delegation does not use it for answers to the caller. */
export type RealtimeAnswers = (question: RealtimeQuestion) => EmulatedAnswer | string;

/** Options of `startRealtimeEmulator`. */
export interface RealtimeEmulatorOptions {
  /**
   * Latency of all APIs, by name or as your own profile. Default: `gpt-realtime-1.5` for OpenAI, `grok-voice-think-fast-1.0`
   * for xAI, `gpt-live-1` for GPT-Live, `gemini-3.1-flash-live` for Gemini Live.
   */
  profile?: string | RealtimeProfile;
  /** What the model understands of the caller. Default: nothing. See `transcriptRecognizer`. */
  recognizer?: Recognizer;
  /** The voice of the model. Default: a tone for each word. */
  voice?: Voice;
  /** What the model answers. Default: the receptionist of the LLM emulator. */
  answers?: RealtimeAnswers;
  /** Faults to inject. Default: none. See also `RealtimeEmulator.setRealtimeFaults`. */
  faults?: RealtimeFaultPlan;
  /** Round-trip time to the provider, ms. Each message takes half of it. Default 0. */
  rttMs?: number;
  /** Seed of latencies, faults and wordings. Default 1. */
  seed?: number;
  /** The LLM emulator on the same port, and its port, host, TLS and keys. */
  llm?: Omit<EmulatorOptions, 'seed' | 'clock' | 'signal'>;
  /** The clock that delays are scheduled on. Default: the system clock. */
  clock?: Clock;
  /** Aborting it closes the emulator. */
  signal?: AbortSignal;
}
