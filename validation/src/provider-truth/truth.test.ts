import { findProfile } from '@firstword/emulator';
import { parseRunFile, percentilesOf } from '@firstword/provider-bench';
import { simulatedRun, trueCdf, trueQuantileMs } from '@firstword/provider-bench/testing';
import { expect, it } from 'vitest';

const { ttft } = findProfile('gpt-4o-mini')!;

it('matches the published percentiles and has no mass beyond the maximum', () => {
  const uncut = { p50Ms: ttft.p50Ms, p95Ms: ttft.p95Ms };
  expect(trueQuantileMs({ ttft: uncut }, 0.5)).toBeCloseTo(553, 1);
  expect(trueQuantileMs({ ttft: uncut }, 0.95)).toBeCloseTo(1947, 0);
  expect(trueCdf({ ttft }, ttft.maxMs!)).toBe(1);
  const late = { ttft, stragglerShare: 0.5, stragglerMs: 100_000 };
  expect(trueCdf(late, 50_000)).toBeCloseTo(0.5, 6);
});

it('draws from the distribution, 40,000 times', () => {
  const arm = { target: 'openai:gpt-4o-mini', ttft, stragglerShare: 0.01, stragglerMs: 5000 };
  const run = simulatedRun({ arms: [arm], requests: 40_000, seed: 7 });
  const found = percentilesOf(run.samples.map(({ phases }) => phases.firstContentMs!))!;
  for (const [key, quantile] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    expect(found[key].valueMs / trueQuantileMs(arm, quantile)).toBeCloseTo(1, 1);
  }
});

it('makes runs that the bench can read, the same for the same seed', () => {
  const plan = { arms: [{ target: 'groq:a', ttft, failedShare: 0.2 }], requests: 30, warmUps: 2, seed: 3 };
  const run = simulatedRun(plan);
  expect(parseRunFile(JSON.parse(JSON.stringify(run)), 'run.json')).toEqual(run);
  expect(simulatedRun(plan)).toEqual(run);
  expect(simulatedRun({ ...plan, seed: 4 }).samples).not.toEqual(run.samples);
});
