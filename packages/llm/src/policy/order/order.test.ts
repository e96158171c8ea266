import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelToExplore } from './explore.js';
import { type ModelHealth, orderModels, preferOtherProvider, recentSpeedMs } from './order.js';
import { replicaFor, spreadSessions } from './spread.js';

const health = (fields: Partial<ModelHealth> & { times?: number[] } = {}): ModelHealth => ({
  provider: 'p',
  recent: (fields.times ?? []).map((ms) => ({ ms, censored: false })),
  admission: 'allow',
  rateLimited: false,
  ...fields,
});

test('given keeps the order', () => {
  expect(orderModels([health({ times: [900] }), health({ times: [100] })], 'given')).toEqual([0, 1]);
});

test('fastest sorts by recent speed, unknown last', () => {
  const models = [health(), health({ times: [900] }), health({ times: [100] })];
  expect(orderModels(models, 'fastest')).toEqual([2, 1, 0]);
});

test('limits and breakers come before speed, and none is left out', () => {
  const models = [
    health({ admission: 'block', times: [1] }),
    health({ rateLimited: true, times: [2] }),
    health({ times: [3] }),
  ];
  expect(orderModels(models, 'fastest')).toEqual([2, 1, 0]);
});

const lost = (ms: number) => ({ ms, censored: true });
const took = (ms: number) => ({ ms, censored: false });

test('the median is infinite with three late lost races in five, finite with two', () => {
  expect(recentSpeedMs([took(100), took(90), lost(500), lost(450), lost(480)])).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(recentSpeedMs([took(100), took(90), took(95), lost(500), lost(450)])).toBe(100);
});

test('races lost early count little; measured answers decide', () => {
  expect(recentSpeedMs([lost(69), took(121), lost(130), took(250), took(240)])).toBe(250);
  expect(recentSpeedMs([lost(50), lost(60)])).toBe(Number.POSITIVE_INFINITY);
});

test('a hedge prefers another provider', () => {
  const models = [health({ provider: 'x' }), health({ provider: 'x' }), health({ provider: 'y' })];
  expect(preferOtherProvider([1, 2], models, 'x')).toEqual([2, 1]);
});

const explore = (health: ModelHealth[], order: 'given' | 'fastest', chance: number) =>
  modelToExplore({ models: health, primary: 0, order, budget: 0.1, chance });

test('probes a model whose breaker allows it, in any order', () => {
  expect(explore([health(), health({ admission: 'probe' })], 'given', 0.9)).toBe(1);
});

test('fastest tries new models beside the first', () => {
  expect(explore([health({ times: [1, 1, 1] }), health({ times: [5] })], 'fastest', 0.9)).toBe(1);
  expect(explore([health({ times: [1, 1, 1] }), health({ times: [5] })], 'given', 0)).toBeUndefined();
});

test('tries a model with too few answers again, but not forever', () => {
  const fast = health({ times: [1, 1, 1] });
  expect(explore([fast, health({ recent: [lost(5), took(9), lost(5)] })], 'fastest', 0.9)).toBe(1);
  const loser = health({ recent: [lost(5), lost(5), lost(5), lost(5), lost(5)] });
  expect(explore([fast, loser], 'fastest', 0.9)).toBeUndefined();
});

test('explores measured models within the budget, evenly', () => {
  const known = health({ times: [5, 5, 5] });
  const four = [known, known, known, known];
  expect(explore(four, 'fastest', 0.1)).toBeUndefined();
  expect([0.01, 0.05, 0.09].map((chance) => explore(four, 'fastest', chance))).toEqual([1, 2, 3]);
});

test('does not explore a rate-limited model', () => {
  expect(explore([health(), health({ rateLimited: true })], 'fastest', 0)).toBeUndefined();
});

test('a session keeps its replica when another one is removed', () => {
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.string(), { minLength: 2 }), (session, replicas) => {
      const home = replicaFor(session, replicas)!;
      const gone = replicas.find((replica) => replica !== home)!;
      expect(
        replicaFor(
          session,
          replicas.filter((replica) => replica !== gone),
        ),
      ).toBe(home);
    }),
  );
});

test('spreads sessions over replicas and leaves other models in place', () => {
  const groups = ['a', 'b', 'a'];
  const firsts = new Set<number>();
  for (let i = 0; i < 50; i += 1) {
    const order = spreadSessions([0, 1, 2], groups, `session ${i}`);
    expect(order[1]).toBe(1);
    expect([...order].sort()).toEqual([0, 1, 2]);
    firsts.add(order[0]!);
  }
  expect(firsts).toEqual(new Set([0, 2]));
});
