import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exploration } from './explore.js';
import { orderModels, preferOtherProvider, recentSpeedMs, type Standing } from './order.js';
import { homeOf, spreadOver } from './spread.js';

const standing = (fields: Partial<Standing> & { times?: number[] } = {}): Standing => ({
  provider: 'p',
  recent: (fields.times ?? []).map((ms) => ({ ms, censored: false })),
  admission: 'open',
  spent: false,
  ...fields,
});

test('given keeps the order', () => {
  expect(orderModels([standing({ times: [900] }), standing({ times: [100] })], 'given')).toEqual([0, 1]);
});

test('fastest sorts by recent speed, unknown last', () => {
  const standings = [standing(), standing({ times: [900] }), standing({ times: [100] })];
  expect(orderModels(standings, 'fastest')).toEqual([2, 1, 0]);
});

test('limits and breakers come before speed, and none is left out', () => {
  const standings = [
    standing({ admission: 'rest', times: [1] }),
    standing({ spent: true, times: [2] }),
    standing({ times: [3] }),
  ];
  expect(orderModels(standings, 'fastest')).toEqual([2, 1, 0]);
});

const lost = (ms: number) => ({ ms, censored: true });
const took = (ms: number) => ({ ms, censored: false });

test('three races lost late in five are endless, two are not', () => {
  expect(recentSpeedMs([took(100), took(90), lost(500), lost(450), lost(480)])).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(recentSpeedMs([took(100), took(90), took(95), lost(500), lost(450)])).toBe(100);
});

test('races lost at once say little: what was seen counts', () => {
  expect(recentSpeedMs([lost(69), took(121), lost(130), took(250), took(240)])).toBe(250);
  expect(recentSpeedMs([lost(50), lost(60)])).toBe(Number.POSITIVE_INFINITY);
});

test('a hedge prefers another provider', () => {
  const standings = [standing({ provider: 'x' }), standing({ provider: 'x' }), standing({ provider: 'y' })];
  expect(preferOtherProvider([1, 2], standings, 'x')).toEqual([2, 1]);
});

const explore = (standings: Standing[], order: 'given' | 'fastest', chance: number) =>
  exploration({ standings, primary: 0, order, budget: 0.1, chance });

test('a rested model is probed, whatever the order', () => {
  expect(explore([standing(), standing({ admission: 'probe' })], 'given', 0.9)).toBe(1);
});

test('fastest tries new models beside the first', () => {
  expect(explore([standing({ times: [1, 1, 1] }), standing({ times: [5] })], 'fastest', 0.9)).toBe(1);
  expect(explore([standing({ times: [1, 1, 1] }), standing({ times: [5] })], 'given', 0)).toBeUndefined();
});

test('a model that was seen too seldom to be known is tried again, but not for ever', () => {
  const fast = standing({ times: [1, 1, 1] });
  expect(explore([fast, standing({ recent: [lost(5), took(9), lost(5)] })], 'fastest', 0.9)).toBe(1);
  const loser = standing({ recent: [lost(5), lost(5), lost(5), lost(5), lost(5)] });
  expect(explore([fast, loser], 'fastest', 0.9)).toBeUndefined();
});

test('known models are tried within the budget, evenly', () => {
  const known = standing({ times: [5, 5, 5] });
  const four = [known, known, known, known];
  expect(explore(four, 'fastest', 0.1)).toBeUndefined();
  expect([0.01, 0.05, 0.09].map((chance) => explore(four, 'fastest', chance))).toEqual([1, 2, 3]);
});

test('a model at its limit is not tried', () => {
  expect(explore([standing(), standing({ spent: true })], 'fastest', 0)).toBeUndefined();
});

test('a session keeps its home when another replica goes', () => {
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.string(), { minLength: 2 }), (session, replicas) => {
      const home = homeOf(session, replicas)!;
      const gone = replicas.find((replica) => replica !== home)!;
      expect(
        homeOf(
          session,
          replicas.filter((replica) => replica !== gone),
        ),
      ).toBe(home);
    }),
  );
});

test('sessions spread over replicas and leave other models in their places', () => {
  const groups = ['a', 'b', 'a'];
  const firsts = new Set<number>();
  for (let i = 0; i < 50; i += 1) {
    const order = spreadOver([0, 1, 2], groups, `session ${i}`);
    expect(order[1]).toBe(1);
    expect([...order].sort()).toEqual([0, 1, 2]);
    firsts.add(order[0]!);
  }
  expect(firsts).toEqual(new Set([0, 2]));
});
