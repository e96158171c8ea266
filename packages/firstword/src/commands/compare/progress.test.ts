import { expect, it } from 'vitest';
import { approximateDuration, ComparisonProgress, expectedCallMs } from './progress.js';

const clip = (seconds: number) => ({
  line: { parts: [], breathMs: 0 },
  samples: new Int16Array(seconds * 16_000),
});

it('estimates a call from its lines, their answers and a greeting', () => {
  expect(expectedCallMs({ clips: [clip(2), clip(3)] })).toBe(23_000);
});

it('formats durations in seconds, minutes and hours', () => {
  expect([45_000, 300_000, 9_000_000].map(approximateDuration)).toEqual(['45 s', '5 min', '2.5 h']);
});

it('estimates the rest at the expected pace first, then at the pace so far', () => {
  const progress = new ComparisonProgress(100_000);
  expect(progress.leftMs).toBe(100_000);
  progress.done(20_000, 30_000);
  expect(progress.leftMs).toBe(120_000);
  progress.skip(40_000);
  expect(progress.leftMs).toBe(60_000);
  progress.done(40_000, 30_000);
  expect(progress.leftMs).toBe(0);
});
