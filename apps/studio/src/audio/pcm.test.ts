import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPcm16, meterShare, rmsOf, toPcm16 } from './pcm.js';

describe('pcm', () => {
  it('converts to 16 bit and back within two steps', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 100 }), (samples) => {
        const back = fromPcm16(toPcm16(samples));
        back.forEach((x, i) => {
          expect(Math.abs(x - samples[i]!)).toBeLessThan(2 / 32_768);
        });
      }),
    );
  });

  it('clips instead of wrapping around', () => {
    expect([...toPcm16(Float32Array.of(1.7, -3))]).toEqual([32_767, -32_767]);
  });

  it('measures the RMS of a square wave as its amplitude', () => {
    expect(rmsOf(Float32Array.of(0.5, -0.5, 0.5, -0.5))).toBeCloseTo(0.5);
    expect(rmsOf(new Float32Array())).toBe(0);
  });

  it('shows silence at the bottom of the meter, full scale at the top and −30 dB in the middle', () => {
    expect(meterShare(0)).toBe(0);
    expect(meterShare(1)).toBe(1);
    expect(meterShare(10 ** (-30 / 20))).toBeCloseTo(0.5);
  });
});
