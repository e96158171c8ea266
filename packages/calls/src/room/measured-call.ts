import { type Distribution, distribution } from '@firstword/records';
import type { CallAlignment } from '../alignment/alignment.js';
import { type AlignmentSummary, summariseAlignments } from '../alignment/summary.js';
import type { CallReport } from '../caller/report.js';
import type { MeasuredTurn, TapeMeasurement } from '../tape/gap-detector.js';
import type { RoomCall } from './call-room.js';

/** Tolerance between the end of a line on the tape and as reported by the caller, ms. */
const SAME_END_MS = 300;

/** A turn on the tape. */
export interface TapeTurn {
  /** Number of the caller's line, from 1; absent where none of its lines ended there. */
  turn?: number;
  /** End of the caller's speech, ms from the tape's beginning. */
  callerEndMs: number;
  gapMs: number;
}

/** One call into a room: measured from its tape, with the caller's report. */
export interface MeasuredCall {
  type: 'call';
  id: string;
  room: string;
  /** Wall time of the tape's first sample, RFC 3339. */
  at: string;
  agent?: { identity: string; cameAfterMs: number };
  /** From the caller's arrival in the room to the agent's first audible sample on the tape; absent if the caller spoke first. */
  helloMs?: number;
  /** Gaps of the turns, from the tape, in order. Turns that failed by the agent's records are left out. */
  gapsMs: number[];
  turns: TapeTurn[];
  /** Number of times that both spoke at once. */
  overlaps: number;
  caller: CallReport;
  /** Why the call ended early; absent where it did not. */
  brokenOff?: string;
  /** WebRTC statistics of the caller's connection. */
  link?: RoomCall['link'];
  /** Path of the tape. */
  tape: string;
  /** The agent's records aligned with the tape, where they are available. */
  alignment?: CallAlignment;
}

/** Summary of several calls. */
export interface CallSummary {
  type: 'summary';
  calls: number;
  turns: number;
  lost: number;
  /** Turns that failed by the agent's records; absent without records. */
  failed?: number;
  answeredTwice: number;
  brokenOff: number;
  /** Stopped by the user (Ctrl-C). */
  stopped: boolean;
  gap?: Distribution;
  /** Time to hello, of the calls in which the agent spoke first. */
  hello?: Distribution;
  alignment?: AlignmentSummary;
}

function tapeTurn({ callerEndMs, gapMs }: MeasuredTurn, report: CallReport, startedMs: number): TapeTurn {
  const line = report.turns.find(
    ({ speechEndedMs }) => Math.abs(speechEndedMs - startedMs - callerEndMs) <= SAME_END_MS,
  );
  return { ...(line ? { turn: line.turn } : {}), callerEndMs, gapMs };
}

/** The time to hello on the tape; `undefined` if the caller spoke first, or the agent not at all. */
function helloOf({ agent, caller }: TapeMeasurement, arrivedMs: number): number | undefined {
  const [first] = agent;
  const isAfterCaller = caller[0] !== undefined && first !== undefined && caller[0].startMs < first.startMs;
  if (!first || isAfterCaller || first.startMs < arrivedMs) return undefined;
  return first.startMs - arrivedMs;
}

/** Combines the tape, the caller's report and the alignment of one call. */
export function measuredCall(call: {
  id: string;
  room: string;
  agent: MeasuredCall['agent'];
  result: RoomCall;
  measured: TapeMeasurement;
  /** Wall time of the tape's first sample, Unix ms, and the same moment on the caller's clock. */
  startedWallMs: number;
  startedMs: number;
  tape: string;
  alignment: CallAlignment | undefined;
}): MeasuredCall {
  const { id, room, agent, measured, startedMs, tape, alignment } = call;
  const { report, brokenOff, link, joinedMs } = call.result;
  const helloMs = helloOf(measured, joinedMs - startedMs);
  // An apology on the tape sounds like an answer: only the agent's records show that the turn failed.
  const failedMs = new Set(alignment?.failed.map(({ callerEndMs }) => callerEndMs));
  const answers = measured.turns.filter(({ callerEndMs }) => !failedMs.has(callerEndMs));
  return {
    type: 'call',
    id,
    room,
    at: new Date(call.startedWallMs).toISOString(),
    ...(agent ? { agent } : {}),
    ...(helloMs === undefined ? {} : { helloMs }),
    gapsMs: answers.map(({ gapMs }) => gapMs),
    turns: answers.map((turn) => tapeTurn(turn, report, startedMs)),
    overlaps: measured.overlaps.length,
    caller: report,
    ...(brokenOff === undefined ? {} : { brokenOff }),
    ...(link ? { link } : {}),
    tape,
    ...(alignment ? { alignment } : {}),
  };
}

/** Summarises several calls. */
export function callSummary(calls: readonly MeasuredCall[], stopped: boolean): CallSummary {
  const alignments = calls.flatMap(({ alignment }) => alignment ?? []);
  const gap = distribution(calls.flatMap(({ gapsMs }) => gapsMs));
  const hello = distribution(calls.flatMap(({ helloMs }) => helloMs ?? []));
  const count = (of: (call: MeasuredCall) => number) => calls.reduce((sum, one) => sum + of(one), 0);
  return {
    type: 'summary',
    calls: calls.length,
    turns: count(({ caller }) => caller.turns.length),
    lost: count(({ caller }) => caller.lost),
    ...(alignments.length > 0 ? { failed: alignments.reduce((sum, one) => sum + one.failed.length, 0) } : {}),
    answeredTwice: count(({ caller }) => caller.answeredTwice),
    brokenOff: calls.filter(({ brokenOff }) => brokenOff !== undefined).length,
    stopped,
    ...(gap ? { gap } : {}),
    ...(hello ? { hello } : {}),
    ...(alignments.length > 0 ? { alignment: summariseAlignments(alignments) } : {}),
  };
}
