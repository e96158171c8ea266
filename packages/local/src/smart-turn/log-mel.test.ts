import { describe, expect, it } from 'vitest';
import { logMel, MEL_BANDS, MEL_FRAMES, MODEL_SAMPLES } from './log-mel.js';
import { BINS, powerSpectrum, WINDOW } from './spectrum.js';

/** 1.5 s of two tones and a sweep. */
const SOUND = Int16Array.from({ length: 24_000 }, (_, n) =>
  Math.trunc(
    6000 * Math.sin((2 * Math.PI * 440 * n) / 16_000) +
      3000 * Math.sin((2 * Math.PI * 3100 * n) / 16_000) +
      1000 * Math.sin((n * n) / 5000),
  ),
);

it('computes the power spectrum of a Hann window', () => {
  const samples = Float32Array.from({ length: WINDOW + 7 }, (_, n) => Math.sin(n * n));
  const power = new Float64Array(BINS);
  powerSpectrum(samples, 7, power);
  for (const bin of [0, 1, 19, 20, 21, 137, 199, 200]) {
    let [re, im] = [0, 0];
    for (let n = 0; n < WINDOW; n += 1) {
      const value = samples[7 + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
      re += value * Math.cos((2 * Math.PI * bin * n) / WINDOW);
      im += value * Math.sin((2 * Math.PI * bin * n) / WINDOW);
    }
    expect(power[bin]).toBeCloseTo(re * re + im * im, 6);
  }
});

describe('logMel', () => {
  it('computes what Pipecat 1.14.0 computes for Smart Turn', () => {
    const mel = logMel(SOUND);
    expect(mel).toHaveLength(MEL_BANDS * MEL_FRAMES);
    // Computed with pipecat's numpy code for the same samples: band, frame, value.
    for (const [band, frame, value] of [
      [0, 0, -0.0358],
      [0, 640, -0.0358],
      [0, 700, -0.0373],
      [12, 700, 1.6744],
      [12, 799, 1.6781],
      [40, 649, -0.0797],
      [52, 700, 0.0139],
      [60, 799, 0.3103],
      [79, 651, -0.0107],
      [79, 799, 1.2465],
    ] as const)
      expect(mel[band * MEL_FRAMES + frame]).toBeCloseTo(value, 3);
  });

  it('takes the last 8 s', () => {
    const long = new Int16Array(MODEL_SAMPLES + 5000).map((_, i) => (i * 7919) % 4001);
    expect(logMel(long)).toEqual(logMel(long.slice(5000)));
  });

  it('is finite for silence and for nothing', () => {
    for (const audio of [new Int16Array(16_000), new Int16Array(0)])
      expect(logMel(audio).every(Number.isFinite)).toBe(true);
  });
});
