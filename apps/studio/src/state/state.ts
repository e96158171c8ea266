import type { TurnRecord } from '@firstword/turn';
import type { DoctorReport, LeverSet, ProfileInfo, ServerMessage, TurnGroup } from '../protocol.js';
import type { ConnectionStatus } from '../socket/connection.js';

export type CallMode = 'mic' | 'sample';

/** `asking`: the browser is asking for the microphone. `starting`: the server has been told. */
export type CallPhase = 'idle' | 'asking' | 'starting' | 'live';

export interface CallState {
  phase: CallPhase;
  mode?: CallMode;
  callId?: string;
  /** What the server says about the call, for people. */
  note?: string;
}

/** Something the user has to know; `message` says what to do. One notice per code is shown. */
export interface Notice {
  code: string;
  message: string;
  /** `info` needs no action. */
  tone: 'problem' | 'info';
}

export type Speaker = 'caller' | 'agent';

export interface TranscriptLine {
  id: number;
  who: Speaker;
  text: string;
}

export interface CallTranscript {
  /** Oldest first, of at most `MAX_TRANSCRIPT_LINES`. */
  lines: TranscriptLine[];
  /** What a speaker is saying at the moment. */
  interim: Partial<Record<Speaker, string>>;
  nextId: number;
}

export interface DisplayedTurn {
  /** Unique over calls. */
  key: string;
  record: TurnRecord;
  /** The answer has ended and the record is as written to file. */
  final: boolean;
}

export interface GapSummary {
  turns: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** Which levers answer, as the server tells. */
export interface LeverState {
  inForce: LeverSet;
  /** Those that the user has asked for; others than `inForce` until the turn in hand has been answered. */
  wanted: LeverSet;
  /** Firstword's preset. */
  firstword: LeverSet;
  /** The user chose them: they outlive a reconnection. */
  chosen: boolean;
}

export interface StudioState {
  connection: ConnectionStatus;
  server: { version: string; recordsDir: string } | undefined;
  profiles: ProfileInfo[];
  /** Name of the profile in force. */
  profile: string;
  /** The user chose it: it outlives a reconnection. */
  profileChosenByUser: boolean;
  /** Unknown until the server has said hello. */
  levers: LeverState | undefined;
  /** Felt gaps by who answered. */
  groups: TurnGroup[];
  call: CallState;
  agent: 'listening' | 'thinking' | 'speaking';
  transcript: CallTranscript;
  /** Newest first, of at most `MAX_TURNS`. */
  turns: DisplayedTurn[];
  /** Turns no longer shown. */
  droppedTurns: number;
  summary: GapSummary;
  /** What the doctor says of the call; unknown until it has a turn that has ended. */
  doctor: DoctorReport | undefined;
  /** Newest last. */
  notices: Notice[];
}

export const MAX_TURNS = 200;
export const MAX_TRANSCRIPT_LINES = 200;

export const INITIAL_STATE: StudioState = {
  connection: { state: 'connecting' },
  server: undefined,
  profiles: [],
  profile: '',
  profileChosenByUser: false,
  levers: undefined,
  groups: [],
  call: { phase: 'idle' },
  agent: 'listening',
  transcript: { lines: [], interim: {}, nextId: 1 },
  turns: [],
  droppedTurns: 0,
  summary: { turns: 0 },
  doctor: undefined,
  notices: [],
};

export type StudioAction =
  | { type: 'connection'; status: ConnectionStatus }
  | { type: 'server'; message: ServerMessage }
  /** The user asked for a call. */
  | { type: 'callRequested'; mode: CallMode; phase: 'asking' | 'starting' }
  /** The call is over on the page's side, whatever the server says later. */
  | { type: 'callEnded' }
  | { type: 'profileChosen'; name: string }
  | { type: 'leversChosen'; levers: LeverSet }
  | { type: 'notice'; notice: Notice }
  | { type: 'dismiss'; code: string };
