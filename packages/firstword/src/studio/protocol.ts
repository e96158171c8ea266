import type { RankedFinding } from '@firstword/doctor';
import type { CallRecord, TurnRecord } from '@firstword/turn';

/**
 * The protocol between the page and the studio server, over one WebSocket at `/talk`. Text messages are JSON objects with
 * a `type`. Binary messages are audio: byte 0 is the kind (a value of `AUDIO`), bytes 8–15 a little-endian float64 whose
 * meaning depends on the kind, bytes 16… 16-bit mono PCM.
 */
export const AUDIO = {
  /** Page → server: microphone, 16 kHz, 20 ms. Float64: capture time of the first sample on the page's audio clock, ms. */
  mic: 1,
  /** Server → page: the agent's speech, 24 kHz, ≤ 20 ms. Float64: number of the answer. */
  agent: 2,
  /** Server → page: the caller's speech in the sample call, 16 kHz, 20 ms. Float64: unused. */
  sampleCaller: 3,
} as const;

/** Length of the header of an audio message, bytes. */
export const AUDIO_HEADER_BYTES = 16;
/** Sample rate of the caller's audio (microphone and sample call), Hz. */
export const MIC_RATE_HZ = 16_000;
/** Sample rate of the agent's audio, Hz. */
export const AGENT_RATE_HZ = 24_000;
/** Largest message, bytes. A larger one closes the connection (code 1009). */
export const MAX_MESSAGE_BYTES = 65_536;

/** An LLM that the agent can use. */
export interface ProfileInfo {
  /** Id used in messages. */
  name: string;
  /** Display name: "Groq gpt-oss-120b (emulated)". */
  label: string;
  /** Whether the LLM is emulated. */
  emulated: boolean;
  /** The source of the emulated figures, or the environment variable that configured the real LLM. */
  source: string;
  /** Label of the LLM that the `backup` lever also requests when this one is late; absent if there is no other. */
  backup?: string;
}

/** The realtime model that answers the calls, if one does. */
export interface RealtimeInfo {
  /** Display name: "openai: gpt-realtime-1.5 (emulated), …". */
  label: string;
  emulated: boolean;
  /** The source of the emulated delays, or the variable with the key. */
  source: string;
  /** Whether the LLM that the page selects answers what the model has heard. */
  usesLlm: boolean;
}

/** The levers that the page can switch. */
export const LEVERS = [
  'speculation',
  'preemptiveTts',
  'clause',
  'trimSilence',
  'endpointing',
  'repair',
  'filler',
  'backup',
] as const;

/** The name of a lever. */
export type LeverName = (typeof LEVERS)[number];
/** Which levers are on. With all of them off the agent runs with LiveKit's defaults. */
export type LeverSet = Record<LeverName, boolean>;

/** The turns answered with the same levers and the same LLM, over all calls of one page. */
export interface TurnGroup {
  levers: LeverSet;
  /** Provider and model of the first request, such as "groq / gpt-oss-120b". */
  llm: string;
  emulated: boolean;
  /** Number of turns with a felt gap. */
  turns: number;
  /** Number of turns that failed; they have no gap. */
  failed: number;
  /** Median felt gap, ms; absent without a turn that has one. */
  p50Ms?: number;
  /** 95th percentile of the felt gap, ms. */
  p95Ms?: number;
}

/** A finding of the doctor, with its figures also as the text that the terminal and the report show. */
export interface DoctorFinding extends RankedFinding {
  /** "saves 465 ms (291–581)" */
  savingText: string;
  /** "80 % sure" */
  sureText: string;
  /** Other findings that explain the same time; absent if there are none. */
  rivalsText?: string;
}

/** The doctor's findings on a call so far. */
export interface DoctorReport {
  callId: string;
  /** The levers in force. Turns answered with other levers are not examined. */
  levers: LeverSet;
  /** Number of examined turns. */
  turns: number;
  /** Number of examined turns with a felt gap. */
  answered: number;
  /** The summary sentence. */
  verdict: string;
  /** The findings, largest saving first. */
  findings: DoctorFinding[];
}

/** A text message from the page to the server. */
export type PageMessage =
  /** Starts a call with the microphone or the built-in sample call, and ends the current one. */
  | { type: 'start'; mode: 'mic' | 'sample'; profile?: string; levers?: LeverSet }
  | { type: 'stop' }
  /** Takes effect from the next turn. */
  | { type: 'profile'; name: string }
  /** Takes effect after the current turn has been answered, or at once if there is none. */
  | { type: 'levers'; levers: LeverSet }
  /** The page's audio clock, about once a second. The server uses it to convert the times of `heard` to its own clock. */
  | { type: 'clock'; atMs: number }
  /** The first audible sample of an answer was played at `atMs` on the page's audio clock. */
  | { type: 'heard'; answer: number; atMs: number };

/** A text message from the server to the page. */
export type ServerMessage =
  | {
      type: 'hello';
      version: string;
      profiles: ProfileInfo[];
      profile: string;
      /** The levers in force. */
      levers: LeverSet;
      /** The levers of Firstword's preset. */
      firstword: LeverSet;
      recordsDir: string;
      /** Absent where a cascade answers. */
      realtime?: RealtimeInfo;
    }
  | {
      type: 'session';
      state: 'starting' | 'live' | 'ended';
      callId?: string;
      mode?: 'mic' | 'sample';
      note?: string;
    }
  | { type: 'profile'; name: string }
  /** The levers in force, and `next` if other levers apply from the next turn on. */
  | { type: 'levers'; inForce: LeverSet; next?: LeverSet }
  | { type: 'agentState'; state: 'listening' | 'thinking' | 'speaking' }
  /** One speaker's text in the current turn so far; `final` ends the turn's text. */
  | { type: 'transcript'; who: 'caller' | 'agent'; kind: 'interim' | 'final'; text: string }
  /** A turn record: sent when the answer becomes audible, and again, complete and as written to file, when it ends. */
  | { type: 'turn'; record: TurnRecord; final: boolean }
  /** The record of the call with its time to hello: once the greeting is heard, and again when the page has reported when it played it. */
  | { type: 'call'; record: CallRecord }
  /** Failed turns, and percentiles of the felt gap, ms, over the turns of this call with the levers and the LLM of its newest turn. */
  | { type: 'summary'; levers: LeverSet; turns: number; failed: number; p50Ms?: number; p95Ms?: number }
  /** Felt gaps by levers and LLM since the page was opened, newest group last. */
  | { type: 'comparison'; groups: TurnGroup[] }
  /** The doctor's report, at most once a turn, after the final record. */
  | { type: 'doctor'; report: DoctorReport }
  /** The caller interrupted the agent: discard the audio that has not been played yet. */
  | { type: 'clear' }
  /** `message` says what failed and what the user can do. The connection stays open. */
  | { type: 'error'; code: string; message: string };
