import { describe, expect, it } from 'vitest';
import type { CallerTurn } from '../caller/report.js';
import { callSummary, type MeasuredCall, measuredCall } from './measured-call.js';
import { renderRoomReport, roomReport } from './room-report.js';

const STARTED_MS = 50_000;

const said = (turn: number, speechEndedMs: number): CallerTurn => ({
  turn,
  outcome: 'answered',
  attempts: 1,
  speechEndedMs,
  spokenOver: false,
  bargedIn: false,
  extraAnswers: 0,
});

/** A call of these gaps, one line each, ten seconds apart; the tape's ends are 4 ms off the caller's own. */
function call(gapsMs: number[], more: { lost?: number; brokenOff?: string } = {}): MeasuredCall {
  const ends = gapsMs.map((_, i) => 10_000 * (i + 1));
  return measuredCall({
    id: 'call-1',
    room: 'r',
    agent: { identity: 'agent-1', cameAfterMs: 300 },
    result: {
      joinedMs: 0,
      report: {
        turns: ends.map((endMs, i) => said(i + 1, STARTED_MS + endMs - 4)),
        lost: more.lost ?? 0,
        answeredTwice: 0,
      },
      ...(more.brokenOff === undefined ? {} : { brokenOff: more.brokenOff }),
    },
    measured: {
      turns: gapsMs.map((gapMs, i) => ({
        callerStartMs: ends[i]! - 1000,
        callerEndMs: ends[i]!,
        agentStartMs: ends[i]! + gapMs,
        agentEndMs: ends[i]! + gapMs + 500,
        gapMs,
      })),
      overlaps: [],
      unanswered: [],
      caller: [],
      agent: [],
    },
    startedWallMs: 0,
    startedMs: STARTED_MS,
    tape: 'call-1.wav',
    alignment: undefined,
  });
}

describe('a measured call', () => {
  it('assigns each gap on the tape to a line of the caller, or to none', () => {
    expect(call([500, 700]).turns.map(({ turn }) => turn)).toEqual([1, 2]);
    const { turns } = measuredCall({
      ...{
        id: 'c',
        room: 'r',
        agent: undefined,
        startedWallMs: 0,
        startedMs: 0,
        tape: 't',
        alignment: undefined,
      },
      result: { report: { turns: [said(1, 1000)], lost: 0, answeredTwice: 0 }, joinedMs: 0 },
      measured: {
        turns: [{ callerStartMs: 0, callerEndMs: 2000, agentStartMs: 2500, agentEndMs: 3000, gapMs: 500 }],
        overlaps: [],
        unanswered: [],
        caller: [],
        agent: [],
      },
    });
    expect(turns).toEqual([{ callerEndMs: 2000, gapMs: 500 }]);
  });

  it('has the time to hello, from the caller’s arrival, if the agent speaks first', () => {
    const hello = (agentMs: number, callerMs: number) =>
      measuredCall({
        ...{
          id: 'c',
          room: 'r',
          agent: undefined,
          startedWallMs: 0,
          startedMs: 1_000,
          tape: 't',
          alignment: undefined,
        },
        result: { report: { turns: [], lost: 0, answeredTwice: 0 }, joinedMs: 1_200 },
        measured: {
          turns: [],
          overlaps: [],
          unanswered: [],
          caller: [{ startMs: callerMs, endMs: callerMs + 500 }],
          agent: [{ startMs: agentMs, endMs: agentMs + 900 }],
        },
      });
    expect(hello(800, 3_000).helloMs).toBe(600);
    expect(hello(2_000, 900)).not.toHaveProperty('helloMs');
    expect(hello(100, 3_000)).not.toHaveProperty('helloMs');
    expect(callSummary([hello(800, 3_000), hello(900, 3_000)], false).hello).toMatchObject({
      count: 2,
      maxMs: 700,
    });
  });

  it('is summarised with others, including calls that ended early', () => {
    const summary = callSummary([call([500, 700]), call([900], { lost: 1, brokenOff: 'gone' })], true);
    expect(summary).toMatchObject({ calls: 2, turns: 3, lost: 1, brokenOff: 1, stopped: true });
    expect(summary.gap).toMatchObject({ count: 3, minMs: 500, maxMs: 900 });
  });
});

describe('a report of real rooms', () => {
  const arm = (name: string, gaps: number[][]) => ({
    name,
    calls: gaps.map((gapsMs, round) => ({ round, caller: 1, call: call(gapsMs) })),
  });

  it('compares the same lines of the same caller in the same round', () => {
    const slow = arm('slow', [
      [1000, 1200, 800],
      [1000, 1200, 800],
    ]);
    const fast = arm('fast', [[500, 600, 400], [500]]);
    const { arms, ratio } = roomReport([slow, fast]);
    expect(arms.map(({ lines }) => lines)).toEqual([6, 4]);
    expect(ratio?.pairs).toBe(4);
    expect(ratio?.p50.ratio).toBeCloseTo(0.5, 6);
    expect(ratio?.p95).toEqual({
      ratio: expect.closeTo(0.5, 6),
      low: expect.closeTo(0.5, 6),
      high: expect.closeTo(0.5, 6),
    });
  });

  it('also compares without transport, where it is known for both', () => {
    const carried = (one: MeasuredCall, transportMs: (number | undefined)[]): MeasuredCall => ({
      ...one,
      alignment: {
        turns: one.turns.map(({ callerEndMs, gapMs }, i) => ({
          ...{ turn: i + 1, callerEndMs, tapeMs: gapMs, ledgerMs: gapMs, unaccountedMs: 0 },
          ...(transportMs[i] === undefined ? {} : { transportMs: transportMs[i] }),
        })),
        ...{ unrecordedMs: [], spokenOver: [], notOnTape: [], failed: [] },
      },
    });
    const [slow, fast] = [
      {
        name: 'slow',
        calls: [{ round: 1, caller: 1, call: carried(call([1200, 1300, 900]), [200, 300, 100]) }],
      },
      {
        name: 'fast',
        calls: [{ round: 1, caller: 1, call: carried(call([600, 450, 500]), [200, 50, undefined]) }],
      },
    ];
    const report = roomReport([slow, fast]);
    expect(report.ratio?.pairs).toBe(3);
    expect(report.ratioWithoutTransport).toMatchObject({ pairs: 2, p50: { ratio: expect.closeTo(0.4, 6) } });
    expect(renderRoomReport(report)).toContain('fast / slow, without the transport (2 pairs): p50 0.40');
    expect(roomReport([arm('a', [[500]]), arm('b', [[400]])]).ratioWithoutTransport).toBeUndefined();
  });

  it('reports lost turns, and has no ratio without a second arm', () => {
    const text = renderRoomReport(
      roomReport([{ name: 'alone', calls: [{ round: 1, caller: 1, call: call([500], { lost: 2 }) }] }]),
    );
    expect(text).toContain('alone: 1 calls, 1 lines; lost 2');
    expect(text).not.toContain('/');
    expect(roomReport([arm('a', [[500]]), { name: 'b', calls: [] }]).ratio).toBeUndefined();
  });
});
