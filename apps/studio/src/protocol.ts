import type { RankedFinding } from '@firstword/doctor';
import type { TurnRecord } from '@firstword/turn';

/**
 * What the page and the studio server say to each other over one WebSocket at `/talk`.
 * Text messages are JSON, one object with a `type`. Binary messages are audio:
 * byte 0 is the kind (`AUDIO`), bytes 8–15 a little-endian float64 (see each kind), bytes 16… mono PCM, 16 bit.
 */
export const AUDIO = {
  /** Page → server: microphone, 16 kHz, 20 ms. Float: capture time of the first sample on the page's audio clock, ms. */
  mic: 1,
  /** Server → page: the agent's voice, 24 kHz, ≤ 20 ms. Float: number of the answer it belongs to. */
  agent: 2,
  /** Server → page: the caller of the sample call, 16 kHz, 20 ms, to listen along. Float: unused. */
  sampleCaller: 3,
} as const;

export const AUDIO_HEADER_BYTES = 16;
export const MIC_RATE_HZ = 16_000;
export const AGENT_RATE_HZ = 24_000;
/** A larger message closes the connection (code 1009). */
export const MAX_MESSAGE_BYTES = 65_536;

/** An LLM the agent can talk through. */
export interface ProfileInfo {
  name: string;
  /** For people: "Groq gpt-oss-120b (emulated)". */
  label: string;
  emulated: boolean;
  /** Where the emulated figures come from, or which variable configured the real one. */
  source: string;
  /** Label of the LLM that the `backup` lever asks where this one is late; absent where there is no other. */
  backup?: string;
}

/** The ways of taking silence away that can be switched. */
export const LEVERS = [
  'speculation',
  'preemptiveTts',
  'clause',
  'trimSilence',
  'endpointing',
  'filler',
  'backup',
] as const;

export type LeverName = (typeof LEVERS)[number];
/** All of them off are LiveKit's defaults. */
export type LeverSet = Record<LeverName, boolean>;

/** Turns that the same levers and the same LLM answered, over the calls of one page. */
export interface TurnGroup {
  levers: LeverSet;
  /** "groq / gpt-oss-120b": the one that was asked first. */
  llm: string;
  emulated: boolean;
  turns: number;
  p50Ms: number;
  p95Ms: number;
}

/** A finding of the doctor's, its figures also in the words that the terminal and the report have for them. */
export interface DoctorFinding extends RankedFinding {
  /** "saves 465 ms (291–581)" */
  savingText: string;
  /** "80 % sure" */
  sureText: string;
  /** Which other findings explain the same time; absent where none does. */
  rivalsText?: string;
}

/** What the doctor says of a call so far. */
export interface DoctorReport {
  callId: string;
  /** Those that answer now: what others answered is not examined with them. */
  levers: LeverSet;
  /** Turns that were examined, and how many of them have a felt gap. */
  turns: number;
  answered: number;
  /** The one sentence that comes first. */
  verdict: string;
  /** What is worth most comes first. */
  findings: DoctorFinding[];
}

export type PageMessage =
  /** Begins a call: with the microphone, or the built-in sample call. Ends the one before it. */
  | { type: 'start'; mode: 'mic' | 'sample'; profile?: string; levers?: LeverSet }
  | { type: 'stop' }
  /** Takes effect from the next turn. */
  | { type: 'profile'; name: string }
  /** Takes effect when the turn in hand has been answered, at once where there is none. */
  | { type: 'levers'; levers: LeverSet }
  /** The page's audio clock, about once a second: lets the server place `heard` on its own clock. */
  | { type: 'clock'; atMs: number }
  /** The first audible sample of an answer was played, on the page's audio clock. */
  | { type: 'heard'; answer: number; atMs: number };

export type ServerMessage =
  | {
      type: 'hello';
      version: string;
      profiles: ProfileInfo[];
      profile: string;
      /** The levers in force, and those of Firstword's preset. */
      levers: LeverSet;
      firstword: LeverSet;
      recordsDir: string;
    }
  | {
      type: 'session';
      state: 'starting' | 'live' | 'ended';
      callId?: string;
      mode?: 'mic' | 'sample';
      note?: string;
    }
  | { type: 'profile'; name: string }
  /** The levers that answer, and those that will from the next turn on where they are others. */
  | { type: 'levers'; inForce: LeverSet; next?: LeverSet }
  | { type: 'agentState'; state: 'listening' | 'thinking' | 'speaking' }
  /** Text of one speaker's current turn so far; a `final` ends it. */
  | { type: 'transcript'; who: 'caller' | 'agent'; kind: 'interim' | 'final'; text: string }
  /** A turn's ledger: sent when the answer is first heard, and again, whole and as written to file, when it ends. */
  | { type: 'turn'; record: TurnRecord; final: boolean }
  /** Felt gap over the call so far, ms. */
  | { type: 'summary'; turns: number; p50Ms?: number; p95Ms?: number }
  /** Felt gaps by who answered, since the page was opened, the newest group last. */
  | { type: 'comparison'; groups: TurnGroup[] }
  /** Once a turn at most, after its final record. */
  | { type: 'doctor'; report: DoctorReport }
  /** The caller spoke over the agent: drop what is not yet played, at once. */
  | { type: 'clear' }
  /** `message` says what happened and what to do. The connection stays open. */
  | { type: 'error'; code: string; message: string };
