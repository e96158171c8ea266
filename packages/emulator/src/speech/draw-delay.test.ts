import { seededRandom } from '@firstword/turn/statistics';
import { expect, it } from 'vitest';
import { drawDelayMs } from './draw-delay.js';

it('draws every recorded delay about equally often, and nothing else', () => {
  const recordedMs = [210, 240, 250, 900];
  const random = seededRandom(1);
  const drawn = Array.from({ length: 4000 }, () => drawDelayMs({ p50Ms: 1, p95Ms: 2, recordedMs }, random));
  for (const delayMs of recordedMs) {
    expect(drawn.filter((one) => one === delayMs).length / 4000).toBeCloseTo(0.25, 1);
  }
  expect(new Set(drawn).size).toBe(4);
});

it('draws from the percentiles where nothing was recorded', () => {
  expect(drawDelayMs({ p50Ms: 100, p95Ms: 100 }, seededRandom(1))).toBeCloseTo(100, 6);
});
