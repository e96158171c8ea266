import { ascending, percentile, type Random, seededRandom } from '@firstword/turn/statistics';
import { describe, expect, test } from 'vitest';
import { lognormal, simulate } from './testing/simulate.js';

const at = (values: readonly number[], percent: number) => percentile(ascending(values), percent);

/**
 * Seeded simulations on a virtual clock, on the medians and p95s published by aiewf-eval (2026) for gpt-4o-mini and
 * Groq's gpt-oss-120b. They verify the figures of the policies; the bench repeats them over sockets.
 */
function providers(seed: number) {
  const random = seededRandom(seed, 'simulation');
  const slow = lognormal(553, 1947, random);
  return {
    random,
    primary: () => (random.uniform() < 0.01 ? 5_000 : 0) + slow(),
    backup: lognormal(98, 217, random),
  };
}

/** Two in ten answers of the primary come from a slower machine. */
function twoMachines(seed: number) {
  const random = seededRandom(seed, 'simulation');
  const [quick, slow] = [lognormal(200, 260, random), lognormal(1_300, 1_700, random)];
  return {
    random,
    primary: () => (random.uniform() < 0.2 ? slow() : quick()),
    backup: lognormal(250, 480, random),
  };
}

/** A heavy tail without stragglers, unlike the published ones: one answer in a hundred takes 13 times the median. */
function heavyTail(seed: number) {
  const random = seededRandom(seed, 'simulation');
  return { random, primary: lognormal(300, 1_800, random), backup: lognormal(256, 480, random) };
}

/** The primary without a backup. */
function noBackup(seed: number) {
  const { random, primary } = providers(seed);
  return { random, primary };
}

type Build = (seed: number) => {
  random: Random;
  primary: () => number;
  backup?: () => number;
};

/** p99 of an ideal hedger: it knows the distributions, waits for the exact quantile, and is never refused. */
function perfectP99(build: Build, budget: number): number {
  const { primary, backup = primary } = build(99);
  const times = Array.from({ length: 100_000 }, primary);
  const delayMs = at(times, 100 * (1 - budget));
  return at(
    times.map((ms) => (ms > delayMs ? Math.min(ms, delayMs + backup()) : ms)),
    99,
  );
}

async function routed(build: typeof providers, budget: number) {
  const runs = [];
  for (const seed of [1, 2]) {
    const { random, primary, backup } = build(seed);
    const models = { primary, backup };
    runs.push(await simulate({ models, requests: 2_000, calls: 8, random, router: { hedge: { budget } } }));
  }
  return { ttftMs: runs.flatMap(({ ttftMs }) => ttftMs), extras: runs.map(({ extraShare }) => extraShare) };
}

describe.each([
  ['gpt-4o-mini with one straggler of 5 s in a hundred, and Groq behind it', providers],
  ['two machines', twoMachines],
  ['a heavy tail', heavyTail],
])('%s', (_name, build) => {
  test.each([0.1, 0.25])(
    'a budget of %d brings p99 within an eighth of an ideal hedger’s',
    async (budget) => {
      const { ttftMs, extras } = await routed(build, budget);
      expect(at(ttftMs, 99) / perfectP99(build, budget)).toBeLessThanOrEqual(1.125);
      for (const extra of extras) expect(extra).toBeLessThanOrEqual(budget + 0.01);
    },
  );
});

test.each([
  [0.1, 0.38],
  [0.25, 0.27],
])('with a budget of %d p99 is at most %d of the single provider’s, p50 no worse', async (budget, most) => {
  const { ttftMs } = await routed(providers, budget);
  const alone = Array.from({ length: 100_000 }, providers(99).primary);
  expect(at(ttftMs, 99) / at(alone, 99)).toBeLessThanOrEqual(most);
  expect(at(ttftMs, 50) / at(alone, 50)).toBeLessThanOrEqual(1.05);
});

describe('a model that is hedged with itself', () => {
  const routed = async (atOnce: number) => {
    const random = seededRandom(1, 'simulation');
    const models = { primary: lognormal(553, 1947, random) };
    const hedge = { budget: 0.35, atOnce };
    return simulate({ models, requests: 4_000, calls: 8, random, router: { hedge } });
  };

  test('has a lower median with some immediate hedges, for the same budget', async () => {
    const [late, some] = [await routed(0), await routed(0.5)];
    // If 17.5 % of the requests are sent twice, their median is 0.92 of the single median.
    expect(at(some.ttftMs, 50) / at(late.ttftMs, 50)).toBeLessThan(0.96);
    expect(at(some.ttftMs, 95)).toBeGreaterThan(at(late.ttftMs, 95));
    expect(some.extraShare).toBeLessThanOrEqual(0.36);
    expect(some.extraShare).toBeGreaterThan(0.3);
  });
});

/** 120 requests, of which 29 in a hundred are speculations that are superseded before their answer. */
describe.each([
  ['a provider with Groq behind it', 0.25, providers],
  ['a provider hedged with itself', 0.35, noBackup],
])('short sessions of %s', (_name, budget, build) => {
  test('spend their budget and wait little longer than with an ideal hedger', async () => {
    const runs = [];
    for (let seed = 1_000; seed < 1_120; seed += 1) {
      const { random, ...models } = build(seed);
      const leavesAfterMs = () => (random.uniform() < 0.29 ? 60 + 240 * random.uniform() : undefined);
      runs.push(
        await simulate({ models, requests: 120, random, leavesAfterMs, router: { hedge: { budget } } }),
      );
    }
    const extras = runs.map(({ extraShare }) => extraShare);
    const spent = extras.reduce((sum, share) => sum + share, 0) / extras.length / budget;
    expect(spent).toBeGreaterThanOrEqual(0.93);
    expect(spent).toBeLessThanOrEqual(1.05);
    expect(at(extras, 95)).toBeLessThanOrEqual(budget + 0.05);
    const ttftMs = runs.flatMap((run) => run.ttftMs);
    // No caller waits for a superseded speculation, so the others get the whole budget.
    expect(at(ttftMs, 99) / perfectP99(build, budget / 0.71)).toBeLessThanOrEqual(1.16);
  });
});

test('hedging by the caller’s wait shortens the slowest waits more than hedging by the age of requests', async () => {
  const slowest = async (reportsWait: boolean) => {
    const random = seededRandom(1, 'simulation');
    const models = { primary: lognormal(553, 1947, random), backup: lognormal(98, 217, random) };
    // Most requests leave 100 to 200 ms after the last word, one in ten with the commit or later.
    const waitedMs = () =>
      random.uniform() < 0.1 ? 350 + 200 * random.uniform() : 100 + 100 * random.uniform();
    const run = await simulate({
      models,
      requests: 4_000,
      calls: 8,
      random,
      waitedMs,
      reportsWait,
      commitMs: 345,
      router: { hedge: { budget: 0.25 } },
    });
    expect(run.extraShare).toBeLessThanOrEqual(0.26);
    return at(run.waitMs, 99);
  };
  expect((await slowest(true)) / (await slowest(false))).toBeLessThan(0.97);
});

describe('fastest', () => {
  test.each([
    [3, 0],
    [4, 0],
    [3, 0.01],
    [4, 0.01],
  ])(
    'is within a tenth of the faster provider after 20 requests (seed %i, stragglers %d)',
    async (seed, stragglers) => {
      const { random, primary, backup } = providers(seed);
      const straggling = (ttftMs: () => number, chance: Random) => () =>
        chance.uniform() < stragglers ? 5_000 : ttftMs();
      const chance = seededRandom(seed + 100, 'simulation');
      const alone = straggling(lognormal(98, 217, seededRandom(seed + 200, 'simulation')), chance);
      const faster = Array.from({ length: 20_000 }, alone);
      const routed = await simulate({
        models: { openai: primary, groq: straggling(backup, random) },
        requests: 2_020,
        random,
        router: { order: 'fastest' },
      });
      const learned = routed.ttftMs.slice(20);
      expect(at(learned, 50) / at(faster, 50)).toBeLessThanOrEqual(1.1);
      // The fast model's tail is hedged with itself, so its 99th percentile is below that of the model alone.
      expect(at(learned, 99) / at(faster, 99)).toBeLessThanOrEqual(1);
      expect(routed.extraShare).toBeLessThanOrEqual(0.11);
    },
  );

  test('switches within five requests when that provider becomes five times slower', async () => {
    const random = seededRandom(5, 'simulation');
    const fast = lognormal(98, 217, random);
    const steady = lognormal(250, 480, random);
    const routed = await simulate({
      models: {
        steady,
        slowing: (turn) => (turn >= 100 ? 5 * fast() : fast()),
      },
      requests: 150,
      random,
      router: { order: 'fastest' },
    });
    const turned = routed.primaries.lastIndexOf('slowing');
    expect(routed.primaries.slice(20, 90)).toEqual(Array.from({ length: 70 }, () => 'slowing'));
    expect(turned).toBeLessThan(105);
  });
});
