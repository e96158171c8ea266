import { seededRandom } from '@firstword/turn/statistics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prefillMsPerToken } from './prefill-rate.js';

const timed = (freshTokens: number, firstDeltaMs: number) => ({ freshTokens, firstDeltaMs });

test('is undefined without samples', () => {
  expect(prefillMsPerToken([])).toBeUndefined();
  expect(prefillMsPerToken([timed(4_000, 900), timed(40, 200)])).toBeUndefined();
});

test('uses the provider’s own prefill times, from the first one on', () => {
  const samples = [
    { freshTokens: 1_000, prefillMs: 100, firstDeltaMs: 900 },
    { freshTokens: 500, prefillMs: 80 },
  ];
  expect(prefillMsPerToken(samples)).toBeCloseTo(0.12);
});

test('otherwise uses how the time to the first delta grows with the prompt', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 800 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 12, maxLength: 30 }),
      (rate, baseMs, lengths) => {
        const samples = lengths.map((tokens) => timed(tokens, baseMs + rate * tokens));
        expect(prefillMsPerToken(samples)).toBeCloseTo(rate, 6);
      },
    ),
  );
});

test('one straggler does not change it', () => {
  const samples = Array.from({ length: 20 }, (_, i) => timed(i * 200, 200 + i * 20));
  samples[3] = timed(600, 9_000);
  expect(prefillMsPerToken(samples)).toBeCloseTo(0.1, 1);
});

test('noise alone gives a rate about one time in twenty', () => {
  const random = seededRandom(1).uniform;
  let seen = 0;
  for (let run = 0; run < 200; run += 1) {
    const samples = Array.from({ length: 20 }, () => timed(random() * 4_000, 300 + random() * 800));
    if (prefillMsPerToken(samples) !== undefined) seen += 1;
  }
  expect(seen).toBeLessThanOrEqual(20);
});
