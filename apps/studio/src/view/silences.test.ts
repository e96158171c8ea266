import { type CallRecord, type TurnObservation, toCallRecord, toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { LEVERS } from '../protocol.js';
import { INITIAL_STATE, type StudioState } from '../state/state.js';
import { helloTimeline, partsText, silencesOf, toolTimeline } from './silences.js';

const OFF = Object.fromEntries(LEVERS.map((name) => [name, false]));
const ON = { ...OFF, clause: true };

const call = (marks: CallRecord['marks'], greeting?: CallRecord['greeting']) =>
  toCallRecord({ callId: 'c', at: '2026-11-30T10:00:00.000Z', marks, ...(greeting ? { greeting } : {}) });

const turn = (number: number, more: Partial<TurnObservation> = {}) =>
  toTurnRecord({
    callId: 'c',
    turn: number,
    at: '2026-11-30T10:00:00.000Z',
    marks: { speechEnded: 0, firstAudible: 700 },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    levers: OFF,
    ...more,
  });

/** A tool that runs from 900 to `endedMs`; the answer is heard 300 ms later. */
const toolTurn = (number: number, endedMs: number, levers = OFF) =>
  turn(number, {
    levers,
    toolCalls: 1,
    marks: { speechEnded: 0, turnCommitted: 500, firstAudible: endedMs + 300 },
    tools: [{ name: 'look_up', startedMs: 900, endedMs }],
    afterTools: [{ requestedMs: endedMs, firstContentMs: endedMs + 200 }],
    speech: [{ fromMs: endedMs + 300, toMs: endedMs + 2000 }],
  });

function stateOf(records: readonly ReturnType<typeof turn>[], callRecord?: CallRecord): StudioState {
  const turns = records.map((record) => ({ key: `${record.turn}`, record, final: true })).reverse();
  return { ...INITIAL_STATE, turns, callRecord };
}

const shown = (state: StudioState, name: string) => silencesOf(state).find((one) => one.name === name)!;

describe('the silences of a call', () => {
  it('are four, and say why each is not known', () => {
    expect(silencesOf(INITIAL_STATE).map(({ name, ms, count }) => [name, ms, count])).toEqual([
      ['hello', undefined, 0],
      ['tool', undefined, 0],
      ['bargeIn', undefined, 0],
      ['afterBargeIn', undefined, 0],
    ]);
    const state = stateOf([turn(1, { toolCalls: 1 }), turn(2, { bargeIn: true, marks: {} })], call({}));
    expect(silencesOf(state).map(({ note }) => note)).toEqual([
      'The caller’s arrival was not seen.',
      'Not known: no answer was heard after the tool.',
      'Not recorded: the agent’s last sound is not known.',
      'Not known: no answer was heard.',
    ]);
  });

  it('have the time to hello with its greeting and its parts', () => {
    const record = call(
      { callerArrived: 0, sessionStarted: 0, sessionReady: 120, framePublished: 400, firstAudible: 430 },
      'said',
    );
    const hello = shown(stateOf([], record), 'hello');
    expect(hello).toMatchObject({
      ms: 430,
      count: 1,
      note: 'The greeting is a fixed text, synthesized now.',
    });
    expect(hello.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(430);
    expect(helloTimeline(record)).toMatchObject({ zeroMs: 0, lengthMs: 430 });
  });

  it('have the newest silence at tools, percentiles from two on, and only those with the newest levers', () => {
    const state = stateOf([toolTurn(1, 1500), toolTurn(2, 1900), toolTurn(3, 2900, ON)]);
    expect(shown(state, 'tool')).toMatchObject({ ms: 3200, count: 1 });
    expect(shown(state, 'tool').percentiles).toBeUndefined();
    const same = stateOf([toolTurn(1, 1500), toolTurn(2, 1900)]);
    expect(shown(same, 'tool')).toMatchObject({ ms: 2200, count: 2, percentiles: { p50Ms: 2000 } });
    expect(toolTimeline(toolTurn(1, 1500))).toMatchObject({ zeroMs: 0, lengthMs: 1800 });
  });

  it('count a barge-in from the caller’s first sound, and false stops apart', () => {
    const state = stateOf([
      turn(1, {
        bargeIn: true,
        interruptions: [
          { callerFromMs: 100, stoppedMs: 280 },
          { callerFromMs: 900, stoppedMs: 1500, isFalse: true },
          { callerFromMs: 2000 },
        ],
      }),
    ]);
    expect(shown(state, 'bargeIn')).toMatchObject({ ms: 180, count: 1 });
    expect(shown(state, 'bargeIn').note).toContain('False stops: 1.');
    expect(shown(state, 'afterBargeIn')).toMatchObject({ ms: 700, count: 1 });
  });

  it('leave out turns of another call and turns that are not finished', () => {
    const other = { ...toolTurn(1, 1500), callId: 'before' };
    const state = stateOf([other, turn(2)]);
    expect(shown(state, 'tool')).toMatchObject({ count: 0, note: 'No tool has run.' });
    const open = { ...state, turns: [{ key: '3', record: toolTurn(3, 1500), final: false }] };
    expect(shown(open, 'tool').count).toBe(0);
  });
});

it('names the largest parts of a silence', () => {
  expect(partsText(toolTurn(1, 1500).toolSilence!.segments)).toBe('tools 600, end of turn 500 ms');
  expect(partsText([])).toBe('');
});
