import { expect, it } from 'vitest';
import type { EvidenceTurn, RunEvent } from '../evidence.js';
import { evidenceOf } from '../evidence-collector.js';
import { evidence } from '../testing/evidence.js';
import { eventsByTurn } from './turn-events.js';

/** Two calls of two turns, eight seconds apart. */
const CALLS = evidence(4, (at) => ({ callId: at < 2 ? 'one' : 'two', turn: (at % 2) + 1 })).calls;
const [first, second] = CALLS[0]!;
const event = (more: Partial<RunEvent>): RunEvent => ({ kind: 'rate limited', place: 'a.log:9', ...more });

const turnsOf = (one: RunEvent, calls: readonly (readonly EvidenceTurn[])[] = CALLS) =>
  [...eventsByTurn(calls, [one]).keys()].map(({ callId, turn }) => `${callId} ${turn}`);

it('gives an event to the turn of its call that was under way', () => {
  expect(turnsOf(event({ call: 'one', atMs: first!.atMs + 500 }))).toEqual(['one 1']);
  expect(turnsOf(event({ call: 'one', atMs: second!.atMs + 500 }))).toEqual(['one 2']);
});

it('gives an event before the first turn, or long after the last, to none', () => {
  expect(turnsOf(event({ call: 'one', atMs: first!.atMs - 5_000 }))).toEqual([]);
  expect(turnsOf(event({ call: 'one', atMs: second!.atMs + 60_000 }))).toEqual([]);
});

it('gives an event of the whole process to every turn under way', () => {
  const parallel = evidence(4, (at) => ({
    callId: at < 2 ? 'one' : 'two',
    turn: (at % 2) + 1,
    at: new Date(Date.UTC(2026, 10, 22) + (at % 2) * 8_000).toISOString(),
  })).calls;
  const atMs = parallel[0]![0]!.atMs + 300;
  expect(turnsOf(event({ atMs }), parallel).sort()).toEqual(['one 1', 'two 1']);
});

it('goes by the lines of the file where there is no time', () => {
  const placed = CALLS.map((call) =>
    call.map((turn) => ({ ...turn, place: `${turn.callId}.log:${turn.turn * 10}` })),
  );
  expect(turnsOf(event({ call: 'one', place: 'one.log:14' }), placed)).toEqual(['one 1']);
  expect(turnsOf(event({ call: 'one', place: 'one.log:24' }), placed)).toEqual(['one 2']);
  expect(turnsOf(event({ call: 'one', place: 'one.log:4' }), placed)).toEqual([]);
});

it('finds nothing without turns', () => {
  expect(eventsByTurn(evidenceOf([]).calls, [event({})]).size).toBe(0);
});
