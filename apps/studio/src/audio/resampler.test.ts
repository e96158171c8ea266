import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from './resampler.js';

const rates = fc.constantFrom(
  { fromHz: 48_000, toHz: 16_000 },
  { fromHz: 44_100, toHz: 16_000 },
  { fromHz: 24_000, toHz: 48_000 },
  { fromHz: 24_000, toHz: 44_100 },
  { fromHz: 16_000, toHz: 16_000 },
);

function tone(hz: number, rateHz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}

describe('Resampler', () => {
  it('gives the same samples for any chunk sizes', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (rate, cuts) => {
        const input = tone(440, rate.fromHz, 4_000);
        const whole = new Resampler(rate).push(input);
        const piecewise = new Resampler(rate);
        const pieces: number[] = [];
        for (let at = 0, i = 0; at < input.length; i++) {
          const length = cuts[i % cuts.length]!;
          pieces.push(...piecewise.push(input.subarray(at, at + length)));
          at += length;
        }
        expect(pieces).toEqual([...whole]);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps output sample k at input time k · from / to', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 100, max: 3_000 }), (rate, hz) => {
        const out = new Resampler(rate).push(tone(hz, rate.fromHz, 6_000));
        const wanted = tone(hz, rate.toHz, out.length);
        const errors = out.subarray(200).map((x, k) => Math.abs(x - wanted[k + 200]!));
        expect(Math.max(...errors)).toBeLessThan(0.01);
      }),
      { numRuns: 25 },
    );
  });

  it('preserves a constant level exactly', () => {
    const out = new Resampler({ fromHz: 44_100, toHz: 16_000 }).push(new Float32Array(4_000).fill(0.5));
    for (const sample of out.subarray(100)) expect(sample).toBeCloseTo(0.5, 5);
  });

  it('removes frequencies above the lower Nyquist frequency', () => {
    const out = new Resampler({ fromHz: 48_000, toHz: 16_000 }).push(tone(11_000, 48_000, 9_600));
    expect(rms(out.subarray(100))).toBeLessThan(0.005);
  });

  it('starts over after a reset', () => {
    const resampler = new Resampler({ fromHz: 48_000, toHz: 16_000 });
    const first = resampler.push(tone(300, 48_000, 960));
    resampler.reset();
    expect([...resampler.push(tone(300, 48_000, 960))]).toEqual([...first]);
  });
});
