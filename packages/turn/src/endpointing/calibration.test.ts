import { describe, expect, it } from 'vitest';
import { calibrated, logOdds } from './calibration.js';
import { CALIBRATIONS } from './calibration-data.js';

const MODELS = Object.keys(CALIBRATIONS);
const PROBABILITIES = [0, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1];
const BANDS = [undefined, 'telephone', 'wide'] as const;

describe('calibrated', () => {
  it('leaves the answers of a model without a calibration as they are', () => {
    for (const p of PROBABILITIES) expect(calibrated(p, { model: 'my-own', band: 'wide' })).toBe(p);
  });

  it('takes an answer at the threshold of its maker for 0.5, where there is no calibration', () => {
    expect(calibrated(0.2, { model: 'my-own', threshold: 0.2 })).toBeCloseTo(0.5);
    expect(calibrated(0.6, { model: 'my-own', threshold: 0.2 })).toBeGreaterThan(0.6);
    for (const threshold of [0, 1, -1, Number.NaN, undefined])
      expect(calibrated(0.6, { model: 'my-own', threshold })).toBe(0.6);
    const [model] = MODELS;
    expect(calibrated(0.6, { model: model!, threshold: 0.2 })).toBe(calibrated(0.6, { model: model! }));
  });

  it.each(MODELS)('keeps the order of the answers of %s and stays within 0 and 1', (model) => {
    for (const band of BANDS) {
      const answers = PROBABILITIES.map((p) => calibrated(p, { model, band }));
      expect(answers).toEqual([...answers].sort((a, b) => a - b));
      for (const p of answers) expect(p > 0 && p < 1).toBe(true);
    }
  });

  it.each(MODELS)('fits numbers of %s that are finite, with a slope above 0', (model) => {
    const { any, telephone = any, wide = any } = CALIBRATIONS[model]!;
    for (const { slope, offset } of [any, telephone, wide]) {
      expect(slope).toBeGreaterThan(0);
      expect(Number.isFinite(offset)).toBe(true);
    }
  });

  it('uses the language, with or without its region', () => {
    const model = 'turn-detector-v1-mini';
    const dutch = calibrated(0.3, { model, language: 'nl' });
    // LiveKit's own threshold is 0.2 for Dutch and 0.36 for English: 0.3 says more in Dutch.
    expect(dutch).toBeGreaterThan(calibrated(0.3, { model, language: 'en' }));
    expect(calibrated(0.3, { model, language: 'nl-BE' })).toBe(dutch);
    expect(calibrated(0.3, { model, language: 'xx' })).toBe(calibrated(0.3, { model }));
  });
});

it('bounds log odds', () => {
  expect(logOdds(0.5)).toBe(0);
  expect(logOdds(1)).toBeCloseTo(6.9, 1);
  expect(logOdds(0)).toBeCloseTo(-6.9, 1);
});
