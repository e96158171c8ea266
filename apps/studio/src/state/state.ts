import type { TurnRecord } from '@firstword/turn';
import type { ProfileInfo, ServerMessage } from '../protocol.js';
import type { ConnectionStatus } from '../socket/connection.js';

export type CallMode = 'mic' | 'sample';

/** `asking`: the browser is asking for the microphone. `starting`: the server has been told. */
export type CallPhase = 'idle' | 'asking' | 'starting' | 'live';

export interface Call {
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

export interface Line {
  id: number;
  who: Speaker;
  text: string;
}

export interface Transcript {
  /** Oldest first, of at most `LINES_KEPT`. */
  lines: Line[];
  /** What a speaker is saying at the moment. */
  interim: Partial<Record<Speaker, string>>;
  nextId: number;
}

export interface Turn {
  /** Unique over calls. */
  key: string;
  record: TurnRecord;
  /** The answer has ended and the record is as written to file. */
  final: boolean;
}

export interface Summary {
  turns: number;
  p50Ms?: number;
  p95Ms?: number;
}

export interface StudioState {
  connection: ConnectionStatus;
  server: { version: string; recordsDir: string } | undefined;
  profiles: ProfileInfo[];
  /** Name of the profile in force. */
  profile: string;
  /** The user chose it: it outlives a reconnection. */
  profileIsChosen: boolean;
  call: Call;
  agent: 'listening' | 'thinking' | 'speaking';
  transcript: Transcript;
  /** Newest first, of at most `TURNS_KEPT`. */
  turns: Turn[];
  /** Turns no longer shown. */
  droppedTurns: number;
  summary: Summary;
  /** Newest last. */
  notices: Notice[];
}

export const TURNS_KEPT = 200;
export const LINES_KEPT = 200;

export const initialState: StudioState = {
  connection: { state: 'connecting' },
  server: undefined,
  profiles: [],
  profile: '',
  profileIsChosen: false,
  call: { phase: 'idle' },
  agent: 'listening',
  transcript: { lines: [], interim: {}, nextId: 1 },
  turns: [],
  droppedTurns: 0,
  summary: { turns: 0 },
  notices: [],
};

export type Action =
  | { type: 'connection'; status: ConnectionStatus }
  | { type: 'server'; message: ServerMessage }
  /** The user asked for a call. */
  | { type: 'callAsked'; mode: CallMode; phase: 'asking' | 'starting' }
  /** The call is over on the page's side, whatever the server says later. */
  | { type: 'callEnded' }
  | { type: 'profileChosen'; name: string }
  | { type: 'notice'; notice: Notice }
  | { type: 'dismiss'; code: string };
