import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LatencySample } from '../latency/window.js';
import { hedgeTarget } from './target.js';

const took = (...times: number[]): LatencySample[] => times.map((ms) => ({ ms, censored: false }));
const tail = {
  recent: took(90, 110, 95, 100, 105),
  slowMs: 217,
  sent: 1,
  otherRecent: took(550, 600, 500),
  otherMedianMs: 550,
};

test('a fast model’s own tail is hedged with the same model, not with a much slower one', () => {
  expect(hedgeTarget(tail)).toBe('same');
});

test('prefers another model of similar speed: what slows one provider slows all of its requests', () => {
  expect(hedgeTarget({ ...tail, otherRecent: took(150, 160, 140) })).toBe('other');
});

test('uses the other model’s median when it lost its recent races early', () => {
  const lostRace: LatencySample = { ms: 90, censored: true };
  const otherRecent = [...took(51, 60), lostRace, lostRace, lostRace];
  expect(hedgeTarget({ ...tail, otherRecent, otherMedianMs: 100 })).toBe('other');
  expect(hedgeTarget({ ...tail, otherRecent, otherMedianMs: 600 })).toBe('same');
});

test('a model that was slow several times lately is slow, not in its tail', () => {
  expect(hedgeTarget({ ...tail, recent: took(90, 110, 95, 500, 600) })).toBe('other');
  const lost: LatencySample = { ms: 200, censored: true };
  expect(hedgeTarget({ ...tail, recent: [...took(90, 110, 95), lost, lost] })).toBe('other');
});

test('sends to the same model twice, never three times', () => {
  expect(hedgeTarget({ ...tail, sent: 2 })).toBe('other');
});

test('uses no speeds before both models have enough samples', () => {
  expect(hedgeTarget({ ...tail, slowMs: undefined })).toBe('other');
  expect(hedgeTarget({ ...tail, otherRecent: took(550, 600) })).toBe('other');
});

test('always uses the other model if its median is below the slow model’s 95th percentile', () => {
  const times = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 3, maxLength: 5 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 5_000 }), (other, slowMs) => {
      fc.pre(other.every((ms) => ms <= slowMs));
      expect(hedgeTarget({ ...tail, slowMs, otherRecent: took(...other) })).toBe('other');
    }),
  );
});
