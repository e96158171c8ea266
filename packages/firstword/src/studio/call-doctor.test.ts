import { type FirstwordError, type Marks, toCallRecord, toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { CallDoctor, type CallDoctorOptions } from './call-doctor.js';
import { FIRSTWORD_LEVERS, LIVEKIT_LEVERS } from './lever-set.js';
import type { DoctorReport } from './protocol.js';

/** A healthy turn with a felt gap of 330 ms. */
const HEALTHY: Marks = {
  speechEnded: 1000,
  finalTranscript: 1150,
  endpointingElapsed: 1200,
  turnCommitted: 1201,
  llmRequested: 1085,
  firstContent: 1182,
  firstClause: 1190,
  ttsRequested: 1201,
  ttsFirstByte: 1280,
  framePublished: 1310,
  firstAudible: 1330,
};
/** The same turn with a TTS that is 800 ms slower. */
const SLOW_TTS: Marks = { ...HEALTHY, ttsFirstByte: 2080, framePublished: 2110, firstAudible: 2130 };

const record = (turn: number, marks: Marks) =>
  toTurnRecord({
    callId: 'call-1',
    turn,
    at: new Date(Date.UTC(2026, 10, 22, 10, turn)).toISOString(),
    marks,
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
  });

function callDoctor(options: Partial<CallDoctorOptions> = {}) {
  const reports: DoctorReport[] = [];
  const errors: FirstwordError[] = [];
  const due: (() => void)[] = [];
  const doctor = new CallDoctor({
    onReport: (report) => reports.push(report),
    onError: (error) => errors.push(error),
    defer: (work) => due.push(work),
    ...options,
  });
  const run = () => {
    for (const work of due.splice(0)) work();
  };
  return { doctor, reports, errors, due, run };
}

describe('CallDoctor', () => {
  it('reports the slow segment after a turn, as text and figures', () => {
    const { doctor, reports, run } = callDoctor();
    for (const turn of [1, 2, 3]) {
      doctor.add(record(turn, SLOW_TTS), LIVEKIT_LEVERS);
      run();
    }
    expect(reports.map(({ turns }) => turns)).toEqual([1, 2, 3]);
    const { callId, verdict, findings } = reports.at(-1)!;
    expect(callId).toBe('call-1');
    expect(verdict).toContain('1,130 ms');
    expect(findings[0]).toMatchObject({
      rule: 'tts-first-byte',
      docs: 'docs/doctor/tts-first-byte.md',
      savingText: expect.stringMatching(/^saves \d+ ms/),
      sureText: expect.stringMatching(/^\d+ % sure$/),
    });
  });

  it('examines the time to hello of the call, which is no turn', () => {
    const { doctor, reports, run } = callDoctor();
    doctor.addCall(
      toCallRecord({
        callId: 'call-1',
        at: '2026-11-30T10:00:00.000Z',
        marks: {
          callerArrived: 0,
          jobStarted: 40,
          modelsRequested: 50,
          modelsLoaded: 900,
          sessionStarted: 910,
          framePublished: 950,
          firstAudible: 970,
        },
        greeting: 'cached',
      }),
    );
    run();
    expect(reports).toEqual([]);
    doctor.add(record(1, HEALTHY), LIVEKIT_LEVERS);
    run();
    const { turns, findings } = reports.at(-1)!;
    expect(turns).toBe(1);
    expect(findings.map(({ rule }) => rule)).toContain('hello-model-load');
    const found = findings.find(({ rule }) => rule === 'hello-model-load')!;
    expect(found.savingText).toContain('of the time to hello');
    expect(found.evidence[0]!.examples).toEqual([{ callId: 'call-1', turn: 0 }]);
  });

  it('reports no findings for healthy turns, and how many turns it examined', () => {
    const { doctor, reports, run } = callDoctor();
    for (const turn of [1, 2, 3, 4, 5]) doctor.add(record(turn, HEALTHY), FIRSTWORD_LEVERS);
    doctor.add(record(6, { finalTranscript: 1150 }), FIRSTWORD_LEVERS);
    run();
    expect(reports).toEqual([expect.objectContaining({ turns: 6, answered: 5, findings: [] })]);
  });

  it('defers its work, and examines turns that arrive together once', () => {
    const { doctor, reports, due, run } = callDoctor();
    doctor.add(record(1, HEALTHY), LIVEKIT_LEVERS);
    doctor.add(record(2, HEALTHY), LIVEKIT_LEVERS);
    expect(reports).toEqual([]);
    expect(due).toHaveLength(1);
    run();
    expect(reports.map(({ turns }) => turns)).toEqual([2]);
  });

  it('examines only turns answered with the levers of the newest turn', () => {
    const { doctor, reports, run } = callDoctor();
    doctor.add(record(1, SLOW_TTS), LIVEKIT_LEVERS);
    doctor.add(record(2, HEALTHY), { ...FIRSTWORD_LEVERS });
    run();
    expect(reports).toEqual([
      expect.objectContaining({
        turns: 1,
        levers: FIRSTWORD_LEVERS,
        verdict: expect.stringContaining('330 ms'),
      }),
    ]);
  });

  it('drops the oldest turns of a long call', () => {
    const { doctor, reports, run } = callDoctor();
    for (let turn = 1; turn <= 60; turn += 1) doctor.add(record(turn, HEALTHY), LIVEKIT_LEVERS);
    run();
    expect(reports.map(({ turns }) => turns)).toEqual([50]);
  });

  it('reports a failure once and does not throw', () => {
    const { doctor, reports, errors, run } = callDoctor({
      examine: () => {
        throw new TypeError('a broken rule');
      },
    });
    doctor.add(record(1, HEALTHY), LIVEKIT_LEVERS);
    expect(run).not.toThrow();
    doctor.add(record(2, HEALTHY), LIVEKIT_LEVERS);
    expect(run).not.toThrow();
    expect(reports).toEqual([]);
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ['internal', expect.stringContaining('goes on without it')],
    ]);
  });
});
