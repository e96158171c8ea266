import { describe, expect, test } from 'vitest';
import { lognormal, percentile, seeded, simulate } from './testing/simulate.js';

/**
 * Seeded simulations on a virtual clock, on the medians and p95s published by aiewf-eval (2026) for gpt-4o-mini and
 * Groq's gpt-oss-120b. They hold the policies to their figures; the bench repeats them over sockets.
 */
function providers(seed: number) {
  const random = seeded(seed);
  const slow = lognormal(553, 1947, random);
  return { random, primary: () => (random() < 0.01 ? 5_000 : slow()), backup: lognormal(98, 217, random) };
}

async function arms(seed: number, budget: number) {
  const one = providers(seed);
  const two = providers(seed);
  const requests = 2_000;
  const alone = await simulate({
    models: { openai: one.primary },
    requests,
    random: one.random,
    router: { hedge: { budget: 0 }, firstContentDeadlineMs: 60_000 },
  });
  const routed = await simulate({
    models: { openai: two.primary, groq: two.backup },
    requests,
    random: two.random,
    router: { hedge: { budget } },
  });
  const ratio = (p: number) => percentile(routed.ttftMs, p) / percentile(alone.ttftMs, p);
  return { p50: ratio(0.5), p99: ratio(0.99), extra: routed.extraShare };
}

describe('one straggler of 5 s in a hundred', () => {
  test.each([1, 2])(
    'a budget of 10 %% takes p99 to 0.38 of the single provider’s (seed %i)',
    async (seed) => {
      const { p50, p99, extra } = await arms(seed, 0.1);
      expect(p99).toBeLessThanOrEqual(0.38);
      expect(extra).toBeLessThanOrEqual(0.11);
      expect(p50).toBeLessThanOrEqual(1.05);
    },
  );

  test.each([1, 2])('a budget of 25 %% takes it to 0.27 (seed %i)', async (seed) => {
    const { p50, p99, extra } = await arms(seed, 0.25);
    expect(p99).toBeLessThanOrEqual(0.27);
    expect(extra).toBeLessThanOrEqual(0.26);
    expect(p50).toBeLessThanOrEqual(1.05);
  });
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
      const straggling = (ttftMs: () => number, chance: () => number) => () =>
        chance() < stragglers ? 5_000 : ttftMs();
      const chance = seeded(seed + 100);
      const alone = straggling(lognormal(98, 217, seeded(seed + 200)), chance);
      const faster = Array.from({ length: 20_000 }, alone);
      const routed = await simulate({
        models: { openai: primary, groq: straggling(backup, random) },
        requests: 2_020,
        random,
        router: { order: 'fastest' },
      });
      const learned = routed.ttftMs.slice(20);
      expect(percentile(learned, 0.5) / percentile(faster, 0.5)).toBeLessThanOrEqual(1.1);
      // Its own tail is hedged with itself: at the 99th percentile it is faster than alone.
      expect(percentile(learned, 0.99) / percentile(faster, 0.99)).toBeLessThanOrEqual(1);
      expect(routed.extraShare).toBeLessThanOrEqual(0.11);
    },
  );

  test('moves away within five requests when that provider slows down fivefold', async () => {
    const random = seeded(5);
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
