import { expect, it } from 'vitest';
import { turnRecord } from '../../testing/turn.js';
import { Slowest } from './slowest.js';

const turn = (callId: string, number: number, ms: number) => ({
  ms,
  record: turnRecord({ callId, turn: number }),
  file: 'a.jsonl',
});

it('keeps the slowest turns in order, each once', () => {
  const slowest = new Slowest(3);
  const added = [
    turn('b', 1, 700),
    turn('a', 2, 900),
    turn('a', 1, 900),
    turn('a', 2, 900),
    turn('c', 1, 800),
    turn('d', 1, 700),
    turn('e', 1, 1000),
  ].map((one) => slowest.add(one));
  expect(added).toEqual([true, true, true, false, true, false, true]);
  expect(slowest.turns.map(({ record, ms }) => [record.callId, record.turn, ms])).toEqual([
    ['e', 1, 1000],
    ['a', 1, 900],
    ['a', 2, 900],
  ]);
});

it('keeps none if none is wanted', () => {
  const slowest = new Slowest(0);
  expect(slowest.add(turn('a', 1, 900))).toBe(false);
  expect(slowest.turns).toEqual([]);
});
