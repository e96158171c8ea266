import type { CallRecord, Clock, TurnRecord } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import type { Levers } from '../session/levers.js';

/** Options of `SessionObserver`. */
export interface ObserverOptions {
  session: voice.AgentSession;
  callId: string;
  clock?: Clock;
  /** Origin of the marks in the records, clock, ms. Default: now. */
  callStartMs?: number;
  /** Write the words of both sides into the records. Default `false`: records are meant to be shared. */
  transcripts?: boolean;
  /** The session's levers, copied into the records; a function is called at each commit. */
  levers?: Readonly<Levers> | (() => Readonly<Levers>);
  /** How the caller's audio arrives, copied into the records. */
  transport?: TurnRecord['transport'];
  /** Number of turns of the call before this session. Default 0. */
  turnsBefore?: number;
  /**
   * Called with a turn's record when its answer becomes audible, and once more, with `final` true and the complete record,
   * when the answer has ended or none came. If it throws, its first error is logged, and the call goes on.
   */
  onTurn(record: TurnRecord, final: boolean): void;
  /**
   * Called with the record of the call, which has its time to hello. It is called when the greeting is heard. If no greeting
   * is heard, it is called at the caller's first turn or at the end of the session, with the reason in the record. It is
   * called once more when the caller's side has reported when it played the greeting. Default: none.
   */
  onCall?(record: CallRecord): void;
}
