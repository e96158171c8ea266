import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamClock } from './stream-clock.js';

const RATE_HZ = 48_000;
const FRAME_MS = 10;
const SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

describe('StreamClock', () => {
  it('dates samples independently of jitter once one frame has arrived on time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (delaysMs) => {
        const clock = new StreamClock();
        clock.next(1000 + FRAME_MS, SAMPLES, RATE_HZ);
        for (const [i, delayMs] of delaysMs.entries()) {
          const startMs = 1000 + (i + 1) * FRAME_MS;
          const sampleMs = clock.next(startMs + FRAME_MS + delayMs, SAMPLES, RATE_HZ);
          // Only the allowed clock drift.
          expect(sampleMs - startMs).toBeGreaterThanOrEqual(-1e-6);
          expect(sampleMs - startMs).toBeLessThanOrEqual((i + 1) * FRAME_MS * 1e-4 + 1e-6);
        }
      }),
    );
  });

  it('treats a burst after a stall as the same stream, delivered late', () => {
    const clock = new StreamClock();
    clock.next(10, SAMPLES, RATE_HZ);
    for (let i = 1; i <= 40; i += 1) clock.next(1500 + i, SAMPLES, RATE_HZ);
    expect(clock.next(420, SAMPLES, RATE_HZ)).toBeCloseTo(410, 0);
  });

  it('resynchronizes if samples are missing', () => {
    const clock = new StreamClock();
    clock.next(10, SAMPLES, RATE_HZ);
    let sampleMs = 0;
    for (let atMs = 5010; atMs < 6000; atMs += FRAME_MS)
      sampleMs = clock.next(atMs, SAMPLES, RATE_HZ) + FRAME_MS;
    expect(sampleMs).toBeCloseTo(5990, 0);
  });
});
