import type { CallRecord, TurnRecord } from '@firstword/turn';
import type {
  DoctorReport,
  LeverSet,
  ProfileInfo,
  RealtimeInfo,
  ServerMessage,
  TurnGroup,
} from '../protocol.js';
import type { ConnectionStatus } from '../socket/connection.js';

/** The caller: a person at the microphone, or the built-in sample call. */
export type CallMode = 'mic' | 'sample';

/** `asking`: the browser asks for microphone permission. `starting`: the page has sent `start` to the server. */
export type CallPhase = 'idle' | 'asking' | 'starting' | 'live';

/** The current or last call. */
export interface CallState {
  phase: CallPhase;
  mode?: CallMode;
  callId?: string;
  /** The server's message about the call, for display. */
  note?: string;
}

/** A message to the user; `message` says what to do. At most one notice per code is shown. */
export interface Notice {
  code: string;
  message: string;
  /** `info` needs no action. */
  tone: 'problem' | 'info';
}

/** Who speaks. */
export type Speaker = 'caller' | 'agent';

/** One finished utterance. */
export interface FinishedUtterance {
  id: number;
  who: Speaker;
  text: string;
}

/** The transcript of the current call. */
export interface CallTranscript {
  /** Oldest first, at most `MAX_TRANSCRIPT_LINES`. */
  lines: FinishedUtterance[];
  /** The interim text of each speaker. */
  interim: Partial<Record<Speaker, string>>;
  nextId: number;
}

/** A turn as the page shows it. */
export interface DisplayedTurn {
  /** Unique across calls. */
  key: string;
  record: TurnRecord;
  /** True when the answer has ended; the record is then complete. */
  final: boolean;
}

/** Percentiles of the felt gap, ms, over the turns of the call with one set of levers, and their number. */
export interface GapSummary {
  /** The levers of these turns; absent before the first turn. */
  levers?: LeverSet;
  turns: number;
  /** Turns that failed; they have no gap. */
  failed?: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** The levers, as reported by the server and chosen by the user. */
export interface LeverState {
  /** The levers that apply now. */
  inForce: LeverSet;
  /** The levers that the user has chosen; they differ from `inForce` until the current turn has been answered. */
  wanted: LeverSet;
  /** Firstword's preset. */
  firstword: LeverSet;
  /** True if the user chose `wanted`, which is then kept after a reconnect. */
  chosenByUser: boolean;
}

/** The whole state of the page. */
export interface StudioState {
  connection: ConnectionStatus;
  server: { version: string; recordsDir: string } | undefined;
  profiles: ProfileInfo[];
  /** The realtime model that answers; `undefined` where a cascade does. */
  realtime: RealtimeInfo | undefined;
  /** Name of the selected profile. */
  profile: string;
  /** True if the user chose the profile, which is then kept after a reconnect. */
  profileChosenByUser: boolean;
  /** `undefined` until the server's `hello`. */
  levers: LeverState | undefined;
  /** Felt gaps by levers and LLM. */
  groups: TurnGroup[];
  call: CallState;
  agent: 'listening' | 'thinking' | 'speaking';
  transcript: CallTranscript;
  /** Newest first, at most `MAX_TURNS`. */
  turns: DisplayedTurn[];
  /** Number of turns that are no longer shown. */
  droppedTurns: number;
  /** The call before the current or last one: its turns are earlier turns, even if no turn has followed them. */
  previousCallId: string | undefined;
  summary: GapSummary;
  /** The record of the current or last call, with its time to hello; `undefined` until the greeting was heard. */
  callRecord: CallRecord | undefined;
  /** The doctor's report on the call; `undefined` until a turn has ended. */
  doctor: DoctorReport | undefined;
  /** Newest last. */
  notices: Notice[];
}

/** Largest number of turns that are kept. */
export const MAX_TURNS = 200;
/** Largest number of transcript lines that are kept. */
export const MAX_TRANSCRIPT_LINES = 200;

/** The state when the page is opened. */
export const INITIAL_STATE: StudioState = {
  connection: { state: 'connecting' },
  server: undefined,
  profiles: [],
  realtime: undefined,
  profile: '',
  profileChosenByUser: false,
  levers: undefined,
  groups: [],
  call: { phase: 'idle' },
  agent: 'listening',
  transcript: { lines: [], interim: {}, nextId: 1 },
  turns: [],
  droppedTurns: 0,
  previousCallId: undefined,
  summary: { turns: 0 },
  callRecord: undefined,
  doctor: undefined,
  notices: [],
};

/** Everything that changes the state. */
export type StudioAction =
  | { type: 'connection'; status: ConnectionStatus }
  | { type: 'server'; message: ServerMessage }
  /** The user started a call. */
  | { type: 'callRequested'; mode: CallMode; phase: 'asking' | 'starting' }
  /** The page ended the call, whatever the server reports later. */
  | { type: 'callEnded' }
  | { type: 'profileChosen'; name: string }
  | { type: 'leversChosen'; levers: LeverSet }
  | { type: 'notice'; notice: Notice }
  | { type: 'dismiss'; code: string };
