import fc from 'fast-check';
import { expect, it } from 'vitest';
import { interleaved } from './schedule.js';

const schedule = (calls: number, arms: number, rounds: number) =>
  interleaved({
    calls: Array.from({ length: calls }, (_, i) => `call${i}`),
    arms: Array.from({ length: arms }, (_, i) => `arm${i}`),
    rounds,
    seed: 5,
  });
const size = fc.integer({ min: 1, max: 7 });

it('starts with a warm-up call per arm, as round 0', () => {
  const planned = interleaved({ calls: ['a', 'b'], arms: ['x', 'y'], rounds: 1, seed: 7, warmUp: true });
  expect(planned.slice(0, 2)).toEqual([
    { round: 0, call: 'a', arm: 'x', seed: 7 },
    { round: 0, call: 'a', arm: 'y', seed: 7 },
  ]);
  expect(planned.slice(2).map((call) => call.round)).toEqual([1, 1, 1, 1]);
});

it('plays every call in every arm once per round', () => {
  fc.assert(
    fc.property(size, size, size, (calls, arms, rounds) => {
      const keys = schedule(calls, arms, rounds).map(({ round, call, arm }) => `${round} ${call} ${arm}`);
      expect(keys).toHaveLength(calls * arms * rounds);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});

it('plays a call in all arms before the next one, and rotates the first arm', () => {
  const planned = schedule(3, 2, 2);
  expect(planned.slice(0, 4).map(({ call, arm }) => `${call} ${arm}`)).toEqual([
    'call0 arm0',
    'call0 arm1',
    'call1 arm1',
    'call1 arm0',
  ]);
  const firsts = planned.filter((_, index) => index % 2 === 0).map(({ arm }) => arm);
  expect(firsts.filter((arm) => arm === 'arm0')).toHaveLength(3);
});

it('uses the same seed in every arm, and another one in the next round', () => {
  const planned = schedule(1, 2, 2);
  expect(planned.map(({ seed }) => seed)).toEqual([5, 5, 6, 6]);
});
