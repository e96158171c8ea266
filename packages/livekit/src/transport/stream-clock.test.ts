import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamClock } from './stream-clock.js';

const RATE_HZ = 48_000;
const FRAME_MS = 10;
const SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

describe('StreamClock', () => {
  it('tells the moments of the samples, whatever the jitter, once one frame came in time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (delaysMs) => {
        const clock = new StreamClock();
        clock.next(1000 + FRAME_MS, SAMPLES, RATE_HZ);
        for (const [i, delayMs] of delaysMs.entries()) {
          const startMs = 1000 + (i + 1) * FRAME_MS;
          const told = clock.next(startMs + FRAME_MS + delayMs, SAMPLES, RATE_HZ);
          // What drift is allowed for, and no more.
          expect(told - startMs).toBeGreaterThanOrEqual(-1e-6);
          expect(told - startMs).toBeLessThanOrEqual((i + 1) * FRAME_MS * 1e-4 + 1e-6);
        }
      }),
    );
  });

  it('takes a burst after a stall for what it is: the same stream, late', () => {
    const clock = new StreamClock();
    clock.next(10, SAMPLES, RATE_HZ);
    for (let i = 1; i <= 40; i += 1) clock.next(1500 + i, SAMPLES, RATE_HZ);
    expect(clock.next(420, SAMPLES, RATE_HZ)).toBeCloseTo(410, 0);
  });

  it('begins again where samples are missing', () => {
    const clock = new StreamClock();
    clock.next(10, SAMPLES, RATE_HZ);
    let told = 0;
    for (let atMs = 5010; atMs < 6000; atMs += FRAME_MS) told = clock.next(atMs, SAMPLES, RATE_HZ) + FRAME_MS;
    expect(told).toBeCloseTo(5990, 0);
  });
});
