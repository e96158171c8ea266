import { unknownName } from '@firstword/turn';
import type { TtftPercentiles } from '../profiles/ttft.js';

/** The latency of a realtime (speech-to-speech) model. The figures were published by others; the emulator reproduces them. */
export interface RealtimeProfile {
  /** Short name, as in `startRealtimeEmulator({ profile })`. */
  name: string;
  /** The model id that a session reports if the client names none. */
  model: string;
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

/**
 * The published medians are measured from the caller's last sample to the agent's first, turn detection included. What is left
 * after OpenAI's default of 500 ms of silence is taken for the generation. No spread was published, so there is none.
 */
function afterTurnDetection(voiceToVoiceMs: number): TtftPercentiles {
  const generationMs = voiceToVoiceMs - 500;
  return { p50Ms: generationMs, p95Ms: generationMs };
}

const AIEWF = 'kwindla/aiewf-eval 2026, median voice to voice, measured on recordings [cited]';

/** Assumptions: nobody has published them. */
const ASSUMED = { createdMs: 20, leadingSilenceMs: 0, audioSpeed: 4, transcriptMs: 400 };

/** The published profiles, and `instant` for tests. */
export const REALTIME_PROFILES: readonly RealtimeProfile[] = [
  {
    ...ASSUMED,
    name: 'gpt-realtime-1.5',
    model: 'gpt-realtime-1.5',
    generation: afterTurnDetection(1152),
    source: `${AIEWF}: 1,152 ms, less 500 ms for the turn detection`,
  },
  {
    ...ASSUMED,
    name: 'gpt-realtime-2.1',
    model: 'gpt-realtime-2.1',
    generation: afterTurnDetection(1504),
    source: `${AIEWF}: 1,504 ms, less 500 ms for the turn detection`,
  },
  {
    ...ASSUMED,
    name: 'instant',
    model: 'instant',
    generation: { p50Ms: 0, p95Ms: 0 },
    source: 'made up for tests',
    createdMs: 0,
    audioSpeed: 50,
    transcriptMs: 0,
    synthetic: true,
  },
];

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
