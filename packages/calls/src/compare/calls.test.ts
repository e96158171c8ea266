import { FLITE_VOICES } from '@firstword/local';
import { expect, it } from 'vitest';
import { COMPARE_CALLS, callsOf, type LineKind } from './calls.js';

const AGENT_VOICE = 'slt';
const lines = COMPARE_CALLS.flatMap((call) => call.lines);

it('has calls of four to six lines in at least three voices, none of them the agent’s', () => {
  const voices = new Set(COMPARE_CALLS.map((call) => call.voice));
  expect(voices.size).toBeGreaterThanOrEqual(3);
  expect(voices).not.toContain(AGENT_VOICE);
  for (const voice of voices) expect(FLITE_VOICES).toContain(voice);
  for (const call of COMPARE_CALLS) {
    expect(call.lines.length).toBeGreaterThanOrEqual(4);
    expect(call.lines.length).toBeLessThanOrEqual(6);
  }
});

it('gives each call a unique id that can be used in file names', () => {
  const ids = COMPARE_CALLS.map((call) => call.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
});

it('has hesitations of 0.4 to 1.2 s within sentences', () => {
  const hesitations = lines.filter((line) => line.kind === 'hesitation');
  expect(hesitations.length).toBeGreaterThanOrEqual(4);
  for (const { parts, breathMs } of hesitations) {
    expect(parts.length).toBeGreaterThan(1);
    expect(breathMs).toBeGreaterThanOrEqual(400);
    expect(breathMs).toBeLessThanOrEqual(1200);
  }
});

it('speaks over the agent only in barge-ins and backchannels, and never in the first line', () => {
  const isOver = (kind: string) => kind === 'barge-in' || kind === 'backchannel';
  for (const line of lines) expect(line.bargeInAfterMs !== undefined).toBe(isOver(line.kind));
  for (const call of COMPARE_CALLS) expect(call.lines[0]!.bargeInAfterMs).toBeUndefined();
});

it('has at least sixty lines that need an answer, every kind several times, in quiet and in noise', () => {
  expect(lines.filter((line) => line.kind !== 'backchannel').length).toBeGreaterThanOrEqual(60);
  const kinds: LineKind[] = ['short question', 'long question', 'hesitation', 'self-correction'];
  kinds.push('trailing please', 'number', 'name', 'barge-in', 'backchannel');
  for (const kind of kinds)
    expect(lines.filter((line) => line.kind === kind).length, kind).toBeGreaterThanOrEqual(3);
  const snrs = new Set(COMPARE_CALLS.map((call) => call.snrDb));
  expect(snrs).toEqual(new Set([undefined, 10, 15, 20, 30]));
});

it('contains no line twice', () => {
  const words = lines.map((line) => line.parts.join(' '));
  expect(new Set(words).size).toBe(words.length);
});

it('selects calls by id, in their own order, and lists all of them for an unknown id', () => {
  expect(callsOf('core')).toHaveLength(6);
  expect(callsOf('all')).toBe(COMPARE_CALLS);
  expect(callsOf('menu, hours').map((call) => call.id)).toEqual(['hours', 'menu']);
  expect(() => callsOf('hours,dinner')).toThrow(
    expect.objectContaining({
      code: 'bad_input',
      message: expect.stringMatching(/"dinner"[\s\S]*running-late/),
    }),
  );
});
