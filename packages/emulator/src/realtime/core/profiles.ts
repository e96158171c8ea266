import { unknownName } from '@firstword/turn';
import type { TtftPercentiles } from '../../profiles/ttft.js';
import type { RealtimeWire } from './wire.js';

/** The latency of a realtime (speech-to-speech) model. The figures were published by others; the emulator reproduces them. */
export interface RealtimeProfile {
  /** Short name, as in `startRealtimeEmulator({ profile })`. */
  name: string;
  /** The model id that a session reports if the client names none. */
  model: string;
  /** The wire whose default it is, or that its model speaks; `undefined`: any. */
  wire?: RealtimeWire;
  /** From the server's end of the caller's turn to its first audio, ms. */
  generation: TtftPercentiles;
  /** The source of `generation`, with its date. */
  source: string;
  /** From the server's end of the turn to `response.created`, ms. */
  createdMs: number;
  /** Silence at the beginning of the answer's audio, ms. */
  leadingSilenceMs: number;
  /** Seconds of audio that are generated in a second. */
  audioSpeed: number;
  /** From the end of the turn to the transcript of the caller's words, ms. */
  transcriptMs: number;
  /** True for made-up test figures that describe no provider. */
  synthetic?: boolean;
}

const AIEWF = 'kwindla/aiewf-eval 2026, median voice to voice, measured on recordings [cited]';

/** Assumptions: nobody has published them. */
const ASSUMED = { createdMs: 20, audioSpeed: 4, transcriptMs: 400 };

/**
 * The published medians are measured from the caller's last sample to the agent's first audible one. What is left after the turn
 * detection and the silence at the beginning of the audio is taken for the generation. No spread was published, so there is none.
 */
function published(figures: { voiceToVoiceMs: number; leadingSilenceMs: number; turnDetectionMs: number }) {
  const { voiceToVoiceMs, leadingSilenceMs, turnDetectionMs } = figures;
  const generationMs = voiceToVoiceMs - turnDetectionMs - leadingSilenceMs;
  return {
    ...ASSUMED,
    generation: { p50Ms: generationMs, p95Ms: generationMs },
    leadingSilenceMs,
    source: `${AIEWF}: ${voiceToVoiceMs.toLocaleString('en')} ms, less ${turnDetectionMs} ms for the turn detection and ${leadingSilenceMs} ms of silence at the beginning of the audio`,
  };
}

/** The published profiles, and made-up ones. */
export const REALTIME_PROFILES: readonly RealtimeProfile[] = [
  {
    name: 'gpt-realtime-1.5',
    model: 'gpt-realtime-1.5',
    wire: 'openai',
    ...published({ voiceToVoiceMs: 1152, leadingSilenceMs: 96, turnDetectionMs: 500 }),
  },
  {
    name: 'gpt-realtime-2.1',
    model: 'gpt-realtime-2.1',
    wire: 'openai',
    ...published({ voiceToVoiceMs: 1504, leadingSilenceMs: 75, turnDetectionMs: 500 }),
  },
  {
    name: 'gpt-realtime',
    model: 'gpt-realtime',
    wire: 'openai',
    ...published({ voiceToVoiceMs: 1536, leadingSilenceMs: 341, turnDetectionMs: 500 }),
  },
  {
    name: 'grok-voice-think-fast-1.0',
    model: 'grok-voice-think-fast-1.0',
    wire: 'xai',
    // xAI does not publish its default: 200 ms is what LiveKit's plugin asks for.
    ...published({ voiceToVoiceMs: 2336, leadingSilenceMs: 239, turnDetectionMs: 200 }),
  },
  {
    name: 'gemini-3.1-flash-live',
    model: 'gemini-3.1-flash-live-preview',
    wire: 'gemini',
    // Google does not publish the default of its turn detection: 500 ms is an assumption.
    ...published({ voiceToVoiceMs: 1632, leadingSilenceMs: 100, turnDetectionMs: 500 }),
  },
  {
    name: 'gemini-live',
    model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    wire: 'gemini',
    ...published({ voiceToVoiceMs: 2624, leadingSilenceMs: 90, turnDetectionMs: 500 }),
  },
  {
    ...ASSUMED,
    name: 'gpt-live-1',
    model: 'gpt-live-1',
    wire: 'gpt-live',
    generation: { p50Ms: 400, p95Ms: 800, maxMs: 2000 },
    source: 'made up: no measurement of GPT-Live was published by November 2026',
    leadingSilenceMs: 0,
    synthetic: true,
  },
  {
    ...ASSUMED,
    name: 'instant',
    model: 'instant',
    generation: { p50Ms: 0, p95Ms: 0 },
    source: 'made up for tests',
    createdMs: 0,
    leadingSilenceMs: 0,
    audioSpeed: 50,
    transcriptMs: 0,
    synthetic: true,
  },
];

/** The default profile of each wire. */
export const DEFAULT_PROFILES: Readonly<Record<RealtimeWire, string>> = {
  openai: 'gpt-realtime-1.5',
  xai: 'grok-voice-think-fast-1.0',
  'gpt-live': 'gpt-live-1',
  gemini: 'gemini-3.1-flash-live',
};

/** The profile with this name. @throws FirstwordError `bad_input` that lists the names if there is none */
export function realtimeProfile(name: string): RealtimeProfile {
  const found = REALTIME_PROFILES.find((profile) => profile.name === name);
  if (found) return found;
  throw unknownName(
    'realtime profile',
    name,
    REALTIME_PROFILES.map((profile) => profile.name),
  );
}
