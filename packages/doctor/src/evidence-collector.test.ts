import { turnRecord } from '@firstword/records/testing';
import { toCallRecord } from '@firstword/turn';
import { expect, it } from 'vitest';
import { evidenceOf } from './evidence-collector.js';

const records = (calls: number, turns: number) =>
  Array.from({ length: calls * turns }, (_, at) =>
    turnRecord({
      callId: `call-${Math.floor(at / turns)}`,
      turn: (at % turns) + 1,
      at: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
    }),
  );

it('keeps whole calls, and no more turns than its limit', () => {
  const found = evidenceOf(records(500, 4), { maxTurns: 400 });
  expect(found.seen).toEqual({ turns: 2000, calls: 500 });
  expect(found.turns.length).toBeLessThanOrEqual(400);
  expect(found.turns.length).toBeGreaterThan(100);
  expect(found.calls.every((call) => call.length === 4)).toBe(true);
});

it('keeps the same calls in any order of input', () => {
  const ids = (from: ReturnType<typeof records>) =>
    evidenceOf(from, { maxTurns: 200 }).calls.map(([first]) => first!.callId);
  const forth = records(300, 2);
  expect(ids([...forth].reverse())).toEqual(ids(forth));
});

it('keeps the same calls, and counts all, if it passes over the others from the start', () => {
  const from = records(500, 4);
  const ids = ({ calls }: ReturnType<typeof evidenceOf>) => calls.map(([first]) => first!.callId);
  const all = evidenceOf(from, { maxTurns: 200 });
  const some = evidenceOf(from, { maxTurns: 200, leastTurns: 900 });
  expect(ids(some)).toEqual(ids(all));
  expect(some.seen).toEqual(all.seen);
});

it('counts a duplicate turn once', () => {
  const once = records(2, 3);
  const { turns, input } = evidenceOf([...once, ...once]);
  expect(turns).toHaveLength(6);
  expect(input.duplicates).toBe(6);
});

it('keeps turns in order, without transcripts', () => {
  const transcript = { caller: 'my secret', agent: 'your secret' };
  const { turns } = evidenceOf([turnRecord({ turn: 2, transcript }), turnRecord({ turn: 1, transcript })]);
  expect(turns.map(({ turn }) => turn)).toEqual([1, 2]);
  expect(JSON.stringify(turns)).not.toContain('secret');
  expect(turns[0]!.reply!.wordsByScript).toEqual({ Latin: 2 });
});

it('knows that Firstword’s own records come from Node, so that findings have no code for Python', () => {
  expect(evidenceOf([turnRecord()]).sdk).toBe('node');
  const call = toCallRecord({ callId: 'c', at: '2026-11-30T10:00:00.000Z', marks: {} });
  expect(evidenceOf([call])).toMatchObject({ sdk: 'node', seen: { turns: 0, calls: 1 } });
  const imported = { from: 'LiveKit chat history', sdk: 'python' as const };
  expect(evidenceOf([turnRecord({ imported })]).sdk).toBeUndefined();
});
