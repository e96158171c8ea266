import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rms } from './level.js';
import { resample } from './resample.js';

const rates = fc.constantFrom(8_000, 16_000, 24_000, 44_100, 48_000);

describe('resampling', () => {
  it('keeps the duration to within a sample', () => {
    fc.assert(
      fc.property(fc.nat(2_000), rates, rates, (length, fromHz, toHz) => {
        const out = resample(new Int16Array(length), { fromHz, toHz });
        expect(Math.abs(out.length / toHz - length / fromHz)).toBeLessThanOrEqual(1 / toHz);
      }),
    );
  });

  it('keeps a constant level, except at the edges', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 30_000 }), rates, rates, (level, fromHz, toHz) => {
        const out = resample(new Int16Array(1_000).fill(level), { fromHz, toHz });
        expect(Math.abs(out[Math.floor(out.length / 2)]! - level)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps pitch, level and phase of a tone below half of both rates', () => {
    const out = resample(tone(1_000, 16_000), { fromHz: 16_000, toHz: 24_000 });
    const expected = tone(1_000, 24_000);
    const middle = (samples: Int16Array) => samples.subarray(2_000, 20_000);
    const error = middle(out).map((value, i) => value - middle(expected)[i]!);
    // Down to the rounding of 16-bit samples: 80 dB under the tone.
    expect(rms(error)).toBeLessThan(1);
  });

  it('adds no image above half of the old rate', () => {
    // 7 kHz at 16 kHz has an image at 9 kHz, which a poor conversion to 24 kHz would let through.
    const out = resample(tone(7_000, 16_000), { fromHz: 16_000, toHz: 24_000 });
    expect(strengthAt(out, 9_000, 24_000)).toBeLessThan(strengthAt(out, 7_000, 24_000) / 1_000);
  });

  it('does not alias a tone above half of the lower rate', () => {
    const out = resample(tone(6_000, 24_000), { fromHz: 24_000, toHz: 8_000 });
    expect(rms(out.subarray(200, -200))).toBeLessThan(10);
  });

  it('clamps at full scale instead of wrapping', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(-32_768, 32_767), { minLength: 50, maxLength: 50 }), (values) => {
        const out = resample(Int16Array.from(values), { fromHz: 8_000, toHz: 24_000 });
        // Every third output sample sits on an input sample; clamping keeps its sign, wrapping would turn it.
        for (const [i, value] of values.entries()) {
          const here = out[i * 3]!;
          if (Math.abs(here) > 20_000) expect(Math.sign(here)).toBe(Math.sign(value));
        }
      }),
    );
  });

  it.each([
    [0, 24_000],
    [16_000, Number.NaN],
    [16_000.5, 24_000],
    [16_001, 24_000],
  ])('rejects %d to %d Hz', (fromHz, toHz) => {
    expect(() => resample(new Int16Array(10), { fromHz, toHz })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    );
  });
});

/** One second of a tone at a third of full scale. */
function tone(toneHz: number, rateHz: number): Int16Array {
  return Int16Array.from(
    { length: rateHz },
    (_, i) => 10_000 * Math.sin((2 * Math.PI * toneHz * i) / rateHz),
  );
}

/** How much of one frequency is in the middle of a clip. */
function strengthAt(samples: Int16Array, toneHz: number, rateHz: number): number {
  let real = 0;
  let imaginary = 0;
  for (let i = 2_000; i < samples.length - 2_000; i++) {
    const angle = (2 * Math.PI * toneHz * i) / rateHz;
    real += samples[i]! * Math.cos(angle);
    imaginary += samples[i]! * Math.sin(angle);
  }
  return Math.hypot(real, imaginary);
}
