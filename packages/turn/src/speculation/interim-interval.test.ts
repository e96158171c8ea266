import { expect, it } from 'vitest';
import { InterimInterval } from './interim-interval.js';

it('has no average before the second interim', () => {
  const cadence = new InterimInterval();
  cadence.record(1_000);
  expect(cadence.averageMs).toBeUndefined();
  cadence.record(1_200);
  expect(cadence.averageMs).toBe(200);
});

it('follows an engine that becomes slower', () => {
  const cadence = new InterimInterval();
  for (const nowMs of [0, 200, 400]) cadence.record(nowMs);
  for (let i = 1; i <= 8; i++) cadence.record(400 + i * 600);
  expect(cadence.averageMs).toBeGreaterThan(550);
});

it('does not count the caller’s pauses', () => {
  const cadence = new InterimInterval();
  cadence.record(0);
  cadence.record(200);
  cadence.reset();
  cadence.record(9_000);
  cadence.record(9_200);
  expect(cadence.averageMs).toBe(200);
});
