import {
  type AccountSummary,
  type CallAccount,
  type CallReport,
  type RoomCall,
  summariseAccounts,
  type TapeMeasurement,
} from '@firstword/bench';
import { type Distribution, distribution } from '@firstword/measure';

/** One call, as its tape has it and as its caller saw it. */
export interface MeasuredCall {
  type: 'call';
  id: string;
  room: string;
  /** Wall time of the tape's first sample, RFC 3339. */
  at: string;
  agent?: { identity: string; cameAfterMs: number };
  /** Gaps of the turns, from the tape, in order. */
  gapsMs: number[];
  /** Both spoke at once. */
  overlaps: number;
  caller: CallReport;
  /** Why the call ended early, if it did. */
  brokenOff?: string;
  /** How the caller's connection did, by WebRTC's own statistics. */
  link?: RoomCall['link'];
  tape: string;
  /** What the agent's records say of the same turns. */
  account?: CallAccount;
}

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
  account?: AccountSummary;
}

export function measuredCall(call: {
  id: string;
  room: string;
  agent: MeasuredCall['agent'];
  report: CallReport;
  brokenOff: string | undefined;
  measured: TapeMeasurement;
  /** Wall time of the tape's first sample, Unix ms. */
  startedWallMs: number;
  tape: string;
  link: RoomCall['link'];
  account: CallAccount | undefined;
}): MeasuredCall {
  const { id, room, agent, report, brokenOff, measured, tape, link, account } = call;
  return {
    type: 'call',
    id,
    room,
    at: new Date(call.startedWallMs).toISOString(),
    ...(agent ? { agent } : {}),
    gapsMs: measured.turns.map(({ gapMs }) => gapMs),
    overlaps: measured.overlaps.length,
    caller: report,
    ...(brokenOff === undefined ? {} : { brokenOff }),
    ...(link ? { link } : {}),
    tape,
    ...(account ? { account } : {}),
  };
}

export function callSummary(calls: readonly MeasuredCall[], stopped: boolean): CallSummary {
  const accounts = calls.flatMap(({ account }) => account ?? []);
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
    ...(accounts.length > 0 ? { account: summariseAccounts(accounts) } : {}),
  };
}
