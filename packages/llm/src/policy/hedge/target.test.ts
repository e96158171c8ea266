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

test('a model about as fast is preferred: what slows one provider slows all of its requests', () => {
  expect(hedgeTarget({ ...tail, otherRecent: took(150, 160, 140) })).toBe('other');
});

test('an other that lost its last races unheard is as fast as it usually is', () => {
  const beaten: LatencySample = { ms: 90, censored: true };
  const otherRecent = [...took(51, 60), beaten, beaten, beaten];
  expect(hedgeTarget({ ...tail, otherRecent, otherMedianMs: 100 })).toBe('other');
  expect(hedgeTarget({ ...tail, otherRecent, otherMedianMs: 600 })).toBe('same');
});

test('a model that has been slow lately is not in its tail, it is slow', () => {
  expect(hedgeTarget({ ...tail, recent: took(90, 110, 95, 500, 600) })).toBe('other');
  const lost: LatencySample = { ms: 200, censored: true };
  expect(hedgeTarget({ ...tail, recent: [...took(90, 110, 95), lost, lost] })).toBe('other');
});

test('the same model is asked twice, never three times', () => {
  expect(hedgeTarget({ ...tail, sent: 2 })).toBe('other');
});

test('nothing is believed before enough is known of both', () => {
  expect(hedgeTarget({ ...tail, slowMs: undefined })).toBe('other');
  expect(hedgeTarget({ ...tail, otherRecent: took(550, 600) })).toBe('other');
});

test('an other whose usual answer beats the waiting one’s slow answer is never passed over', () => {
  const times = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 3, maxLength: 5 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 5_000 }), (other, slowMs) => {
      fc.pre(other.every((ms) => ms <= slowMs));
      expect(hedgeTarget({ ...tail, slowMs, otherRecent: took(...other) })).toBe('other');
    }),
  );
});
