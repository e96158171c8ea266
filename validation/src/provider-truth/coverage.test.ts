import { findProfile } from '@firstword/emulator';
import { expect, it } from 'vitest';
import { coverageOf, falseRanks, hedgeRatios, stragglerCounts, trueHedgeMs } from './coverage.js';

const mini = { name: 'gpt-4o-mini', ttft: findProfile('gpt-4o-mini')!.ttft };
const groq = { name: 'groq', ttft: findProfile('groq-gpt-oss-120b')!.ttft };

/** Fewer seeds than in the bench. They are fixed, so the results do not vary. */
const SEEDS = 40;

it('covers the true percentiles with its intervals', () => {
  for (const requests of [100, 600]) {
    const found = coverageOf(
      { ...mini, stragglerShare: 0.01, stragglerMs: 5000 },
      { requests, seeds: SEEDS },
    );
    for (const { covered } of found) expect(covered).toBeGreaterThanOrEqual(0.93 * SEEDS);
    expect(found[0]!.allHeld).toBeGreaterThanOrEqual(0.93 * SEEDS);
    expect(found[3]!.closed).toBe(requests < 505 ? 0 : SEEDS);
  }
});

it('does not rank one of several equal arms above another', () => {
  for (const { ranked } of falseRanks(mini, { arms: 3, requests: 110, seeds: SEEDS })) {
    expect(ranked).toBeLessThanOrEqual(0.1 * SEEDS);
  }
});

it('counts stragglers exactly', () => {
  const steady = { name: 'steady', ttft: { p50Ms: 171, p95Ms: 177 } };
  const counts = stragglerCounts(
    { ...steady, stragglerShare: 0.03, stragglerMs: 2000 },
    { requests: 200, seeds: 10 },
  );
  expect(counts.some(({ injected }) => injected > 3)).toBe(true);
  for (const { injected, reported } of counts) expect(reported).toBe(injected);
});

it('agrees with the hedging formula', () => {
  // A backup that is never asked changes nothing.
  expect(trueHedgeMs(groq, mini, 1e9, 0.95) / 217).toBeCloseTo(1, 2);
  const ratios = hedgeRatios(mini, groq, { delayMs: 900, requests: 1000, seeds: 10 });
  for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
});
