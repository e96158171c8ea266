import { toCallRecord, toTurnRecord } from '@firstword/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVERS, type LeverSet, type ServerMessage } from '../protocol.js';
import { reduce } from './reducer.js';
import { currentTurn, earlierTurns } from './selectors.js';
import {
  INITIAL_STATE,
  MAX_TRANSCRIPT_LINES,
  MAX_TURNS,
  type StudioAction,
  type StudioState,
} from './state.js';

function run(...actions: StudioAction[]): StudioState {
  return actions.reduce(reduce, INITIAL_STATE);
}

function server(message: ServerMessage): StudioAction {
  return { type: 'server', message };
}

const OFF = Object.fromEntries(LEVERS.map((name) => [name, false])) as LeverSet;
const FIRSTWORD = { ...OFF, speculation: true, clause: true };

function helloOf(more: Partial<Extract<ServerMessage, { type: 'hello' }>> = {}): StudioAction {
  return server({
    type: 'hello',
    version: '1',
    profiles: [],
    profile: 'groq',
    levers: OFF,
    firstword: FIRSTWORD,
    recordsDir: 'out',
    ...more,
  });
}

function record(turn: number, firstAudible = 700) {
  return toTurnRecord({
    callId: 'call-1',
    turn,
    at: '2026-11-22T10:00:00.000Z',
    marks: { speechEnded: 0, firstAudible },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
  });
}

const asked: StudioAction = { type: 'callRequested', mode: 'sample', phase: 'starting' };
const live = server({ type: 'session', state: 'live', callId: 'call-1', mode: 'sample' });
const dropped: StudioAction = {
  type: 'connection',
  status: { state: 'waiting', attempt: 1, retryInMs: 300 },
};

describe('the call', () => {
  it('goes live when the server says so', () => {
    expect(run(asked, live).call).toEqual({ phase: 'live', mode: 'sample', callId: 'call-1' });
  });

  it('ends with the note the server gives', () => {
    const ended = server({
      type: 'session',
      state: 'ended',
      callId: 'call-1',
      note: 'That was the sample call.',
    });
    expect(run(asked, live, ended).call).toEqual({ phase: 'idle', note: 'That was the sample call.' });
  });

  it('is not ended by the end of the call that it replaced', () => {
    const ended = server({ type: 'session', state: 'ended', callId: 'call-0' });
    expect(run(asked, ended).call.phase).toBe('starting');
    expect(run(asked, live, ended).call.phase).toBe('live');
  });

  it('ends when it could not be started', () => {
    const ended = server({ type: 'session', state: 'ended', note: 'No place was free.' });
    expect(run(asked, ended).call).toEqual({ phase: 'idle', note: 'No place was free.' });
  });

  it('is not restarted by a late message after it was stopped', () => {
    expect(run(asked, { type: 'callEnded' }, live).call.phase).toBe('idle');
  });

  it('ends with a notice when the connection is lost, and the notice changes after the reconnect', () => {
    const state = run(asked, live, dropped);
    expect(state.call.phase).toBe('idle');
    expect(state.notices[0]).toMatchObject({ code: 'connection_dropped', tone: 'problem' });
    const back = reduce(state, { type: 'connection', status: { state: 'open' } });
    expect(back.notices).toEqual([expect.objectContaining({ code: 'connection_dropped', tone: 'info' })]);
  });

  it('shows no notice of a lost call when there was no call', () => {
    expect(run(dropped).notices).toEqual([]);
  });
});

describe('the transcript', () => {
  const said = (kind: 'interim' | 'final', text: string) =>
    server({ type: 'transcript', who: 'caller', kind, text });

  it('replaces an interim text by the next one and finally by the final text', () => {
    expect(run(said('interim', 'book a')).transcript.interim.caller).toBe('book a');
    const state = run(
      said('interim', 'book a'),
      said('interim', 'book a table'),
      said('final', 'Book a table.'),
    );
    expect(state.transcript.interim.caller).toBeUndefined();
    expect(state.transcript.lines).toEqual([{ id: 1, who: 'caller', text: 'Book a table.' }]);
  });

  it('keeps the other speaker’s interim text', () => {
    const state = run(
      server({ type: 'transcript', who: 'agent', kind: 'interim', text: 'We' }),
      said('final', 'Hi'),
    );
    expect(state.transcript.interim.agent).toBe('We');
  });

  it('adds no line for an empty final text', () => {
    expect(run(said('interim', 'uh'), said('final', ' ')).transcript.lines).toEqual([]);
  });

  it('drops interim texts when the call ends', () => {
    expect(run(asked, live, said('interim', 'book'), { type: 'callEnded' }).transcript.interim).toEqual({});
  });

  it('starts empty in a new call', () => {
    expect(run(asked, live, said('final', 'Hello.'), asked).transcript.lines).toEqual([]);
  });

  it('keeps the newest lines, each with a unique id', () => {
    const many = Array.from({ length: MAX_TRANSCRIPT_LINES + 5 }, (_, i) => said('final', `line ${i}`));
    const { lines } = run(...many).transcript;
    expect(lines).toHaveLength(MAX_TRANSCRIPT_LINES);
    expect(lines.at(-1)!.text).toBe(`line ${MAX_TRANSCRIPT_LINES + 4}`);
    expect(new Set(lines.map((line) => line.id)).size).toBe(MAX_TRANSCRIPT_LINES);
  });
});

describe('the turns', () => {
  const turn = (n: number, final: boolean, ms?: number) =>
    server({ type: 'turn', record: record(n, ms), final });

  it('are ordered newest first, and the final record replaces the earlier one', () => {
    const { turns } = run(turn(1, false), turn(2, false), turn(1, true, 710));
    expect(turns.map((t) => [t.record.turn, t.final, t.record.feltGapMs])).toEqual([
      [2, false, 700],
      [1, true, 710],
    ]);
  });

  it('keep the final record when an earlier one arrives late', () => {
    expect(run(turn(1, true, 710), turn(1, false)).turns[0]!.record.feltGapMs).toBe(710);
  });

  it('are kept up to a limit, and dropped ones are counted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_TURNS + 50 }), (n) => {
        const state = run(...Array.from({ length: n }, (_, i) => turn(i + 1, true)));
        expect(state.turns.length + state.droppedTurns).toBe(n);
        expect(state.turns.length).toBeLessThanOrEqual(MAX_TURNS);
        expect(state.turns[0]!.record.turn).toBe(n);
      }),
      { numRuns: 10 },
    );
  });
});

describe('notices', () => {
  const error = (message: string) => server({ type: 'error', code: 'provider_unavailable', message });

  it('are shown once per code, the newest one', () => {
    expect(run(error('one'), error('two')).notices.map((n) => n.message)).toEqual(['two']);
  });

  it('disappear when dismissed and when a new call starts', () => {
    expect(run(error('one'), { type: 'dismiss', code: 'provider_unavailable' }).notices).toEqual([]);
    expect(run(error('one'), asked).notices).toEqual([]);
  });
});

it('keeps the profile that the user chose after a reconnect if the server still has it', () => {
  const info = (name: string) => ({ name, label: name, emulated: true, source: 'a test' });
  const hello = (...names: string[]) => helloOf({ profiles: names.map(info) });
  const chosen: StudioAction = { type: 'profileChosen', name: 'slow' };
  expect(run(hello('groq', 'slow'), chosen, hello('groq', 'slow')).profile).toBe('slow');
  expect(run(hello('groq', 'slow'), chosen, hello('groq')).profile).toBe('groq');
});

it('takes the profile from the server’s hello and from its later messages', () => {
  const hello = helloOf();
  const chosen: StudioAction = { type: 'profileChosen', name: 'slow' };
  expect(run(hello, chosen).profile).toBe('slow');
  expect(run(hello, chosen, server({ type: 'profile', name: 'groq' })).profile).toBe('groq');
});

describe('the levers', () => {
  const chosen: StudioAction = { type: 'leversChosen', levers: FIRSTWORD };
  const levers = (...actions: StudioAction[]) => run(...actions).levers;

  it('are the server’s until the user chooses', () => {
    expect(levers(helloOf())).toMatchObject({ inForce: OFF, wanted: OFF, firstword: FIRSTWORD });
    expect(levers(helloOf(), helloOf({ levers: FIRSTWORD }))).toMatchObject({ wanted: FIRSTWORD });
  });

  it('are not in force before the server confirms them', () => {
    const asked = levers(helloOf(), chosen);
    expect(asked).toMatchObject({ inForce: OFF, wanted: FIRSTWORD });
    const pending = server({ type: 'levers', inForce: OFF, next: FIRSTWORD });
    expect(levers(helloOf(), chosen, pending)).toMatchObject({ inForce: OFF, wanted: FIRSTWORD });
    const done = server({ type: 'levers', inForce: FIRSTWORD });
    expect(levers(helloOf(), chosen, done)).toMatchObject({ inForce: FIRSTWORD, wanted: FIRSTWORD });
  });

  it('that the user chose are kept after a reconnect', () => {
    expect(levers(helloOf(), chosen, helloOf())).toMatchObject({ inForce: OFF, wanted: FIRSTWORD });
  });

  it('keep their groups of turns until another server answers', () => {
    const group = { levers: OFF, llm: 'groq', emulated: true, turns: 1, failed: 0, p50Ms: 900, p95Ms: 900 };
    const comparison = server({ type: 'comparison', groups: [group] });
    expect(run(helloOf(), comparison).groups).toEqual([group]);
    expect(run(helloOf(), comparison, asked).groups).toEqual([group]);
    expect(run(helloOf(), comparison, helloOf()).groups).toEqual([]);
  });
});

describe('the turn shown in detail', () => {
  const turn = server({ type: 'turn', record: record(1), final: true });

  it('is the newest one and stays after the call ends', () => {
    expect(currentTurn(run(asked, live, turn))?.record.turn).toBe(1);
    expect(currentTurn(run(asked, live, turn, { type: 'callEnded' }))?.record.turn).toBe(1);
  });

  it('is not one of the previous call, which is among the earlier turns', () => {
    const next = run(asked, live, turn, { type: 'callEnded' }, asked);
    expect(currentTurn(next)).toBeUndefined();
    expect(earlierTurns(next)).toHaveLength(1);
    expect(next.summary).toEqual({ turns: 0 });
  });

  it('is not one of the previous call after a call that had no turn', () => {
    const next = run(asked, live, turn, { type: 'callEnded' }, asked, { type: 'callEnded' });
    expect(next.call.phase).toBe('idle');
    expect(currentTurn(next)).toBeUndefined();
    expect(earlierTurns(next)).toHaveLength(1);
    expect(next.summary).toEqual({ turns: 0 });
  });
});

it('removes the notice of a muted microphone when the call ends', () => {
  const muted: StudioAction = { type: 'notice', notice: { code: 'mic_muted', tone: 'problem', message: '' } };
  expect(run(asked, live, muted, { type: 'callEnded' }).notices).toEqual([]);
});

describe('the doctor’s report', () => {
  const said = (turns: number, callId = 'call-1') => {
    const report = { callId, levers: OFF, turns, answered: turns, verdict: 'Nothing.', findings: [] };
    return server({ type: 'doctor', report });
  };

  it('is the newest one and stays after the call ends', () => {
    expect(run(asked, live, said(1), said(2)).doctor?.turns).toBe(2);
    expect(run(asked, live, said(1), { type: 'callEnded' }).doctor?.turns).toBe(1);
    expect(run(asked, live, { type: 'callEnded' }, said(1)).doctor?.turns).toBe(1);
  });

  it('is removed in a new call, and late reports on the previous call are ignored', () => {
    const next: StudioAction[] = [asked, live, said(3), { type: 'callEnded' }, asked];
    expect(run(...next).doctor).toBeUndefined();
    expect(run(...next, said(4)).doctor).toBeUndefined();
    expect(run(asked, live, said(1), said(4, 'call-0')).doctor?.callId).toBe('call-1');
  });
});

it('keeps the record of the call with its time to hello until the next call', () => {
  const call = (callId: string) =>
    server({ type: 'call', record: toCallRecord({ callId, at: '2026-11-30T10:00:00.000Z', marks: {} }) });
  expect(run(asked, live, call('call-1')).callRecord?.callId).toBe('call-1');
  expect(run(asked, live, call('call-1'), { type: 'callEnded' }).callRecord).toBeDefined();
  expect(run(asked, live, call('call-1'), { type: 'callEnded' }, asked).callRecord).toBeUndefined();
  expect(run(asked, live, call('call-0')).callRecord).toBeUndefined();
});

it('keeps the percentiles of the call, with their levers', () => {
  expect(
    run(server({ type: 'summary', levers: OFF, turns: 3, failed: 1, p50Ms: 610, p95Ms: 900 })).summary,
  ).toEqual({
    levers: OFF,
    turns: 3,
    failed: 1,
    p50Ms: 610,
    p95Ms: 900,
  });
});
