import { type Distribution, distribution } from '@firstword/records';
import type { CallAlignment } from '../alignment/alignment.js';
import { type AlignmentSummary, summariseAlignments } from '../alignment/summary.js';
import type { CallReport } from '../caller/report.js';
import type { MeasuredTurn, TapeMeasurement } from '../tape/gap-detector.js';
import type { RoomCall } from './call-room.js';

/** The tape's end of a line and the caller's own alignment of it are the same moment within this, ms. */
const SAME_END_MS = 300;

/** A turn on the tape. */
export interface TapeTurn {
  /** Which of the caller's lines it is, from 1; absent where the caller knows of no line that ended there. */
  turn?: number;
  /** End of the caller's speech, ms from the tape's beginning. */
  callerEndMs: number;
  gapMs: number;
}

/** One call into a room, as its tape has it and as its caller saw it. */
export interface MeasuredCall {
  type: 'call';
  id: string;
  room: string;
  /** Wall time of the tape's first sample, RFC 3339. */
  at: string;
  agent?: { identity: string; cameAfterMs: number };
  /** Gaps of the turns, from the tape, in order. */
  gapsMs: number[];
  turns: TapeTurn[];
  /** Both spoke at once. */
  overlaps: number;
  caller: CallReport;
  /** Why the call ended early, if it did. */
  brokenOff?: string;
  /** How the caller's connection did, by WebRTC's own statistics. */
  link?: RoomCall['link'];
  tape: string;
  /** What the agent's records say of the same turns. */
  alignment?: CallAlignment;
}

/** Calls together. */
export interface CallSummary {
  type: 'summary';
  calls: number;
  turns: number;
  lost: number;
  answeredTwice: number;
  brokenOff: number;
  /** Ctrl-C. */
  stopped: boolean;
  gap?: Distribution;
  alignment?: AlignmentSummary;
}

function tapeTurn({ callerEndMs, gapMs }: MeasuredTurn, report: CallReport, startedMs: number): TapeTurn {
  const line = report.turns.find(
    ({ speechEndedMs }) => Math.abs(speechEndedMs - startedMs - callerEndMs) <= SAME_END_MS,
  );
  return { ...(line ? { turn: line.turn } : {}), callerEndMs, gapMs };
}

export function measuredCall(call: {
  id: string;
  room: string;
  agent: MeasuredCall['agent'];
  made: RoomCall;
  measured: TapeMeasurement;
  /** Wall time of the tape's first sample, Unix ms, and the same moment on the caller's clock. */
  startedWallMs: number;
  startedMs: number;
  tape: string;
  alignment: CallAlignment | undefined;
}): MeasuredCall {
  const { id, room, agent, measured, startedMs, tape, alignment } = call;
  const { report, brokenOff, link } = call.made;
  return {
    type: 'call',
    id,
    room,
    at: new Date(call.startedWallMs).toISOString(),
    ...(agent ? { agent } : {}),
    gapsMs: measured.turns.map(({ gapMs }) => gapMs),
    turns: measured.turns.map((turn) => tapeTurn(turn, report, startedMs)),
    overlaps: measured.overlaps.length,
    caller: report,
    ...(brokenOff === undefined ? {} : { brokenOff }),
    ...(link ? { link } : {}),
    tape,
    ...(alignment ? { alignment } : {}),
  };
}

export function callSummary(calls: readonly MeasuredCall[], stopped: boolean): CallSummary {
  const alignments = calls.flatMap(({ alignment }) => alignment ?? []);
  const gap = distribution(calls.flatMap(({ gapsMs }) => gapsMs));
  const count = (of: (call: MeasuredCall) => number) => calls.reduce((sum, one) => sum + of(one), 0);
  return {
    type: 'summary',
    calls: calls.length,
    turns: count(({ caller }) => caller.turns.length),
    lost: count(({ caller }) => caller.lost),
    answeredTwice: count(({ caller }) => caller.answeredTwice),
    brokenOff: calls.filter(({ brokenOff }) => brokenOff !== undefined).length,
    stopped,
    ...(gap ? { gap } : {}),
    ...(alignments.length > 0 ? { alignment: summariseAlignments(alignments) } : {}),
  };
}
