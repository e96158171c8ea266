import { expect, it } from 'vitest';
import { expectedMs, Progress, roughly } from './eta.js';

const clip = (seconds: number) => ({
  line: { parts: [], breathMs: 0 },
  samples: new Int16Array(seconds * 16_000),
});

it('expects a call to take its lines, their answers and a greeting', () => {
  expect(expectedMs({ clips: [clip(2), clip(3)] })).toBe(23_000);
});

it('says times in seconds, minutes and hours', () => {
  expect([45_000, 300_000, 9_000_000].map(roughly)).toEqual(['45 s', '5 min', '2.5 h']);
});

it('goes by what was expected, and then by the calls so far', () => {
  const progress = new Progress(100_000);
  expect(progress.leftMs).toBe(100_000);
  progress.done(20_000, 30_000);
  expect(progress.leftMs).toBe(120_000);
  progress.skip(40_000);
  expect(progress.leftMs).toBe(60_000);
  progress.done(40_000, 30_000);
  expect(progress.leftMs).toBe(0);
});
