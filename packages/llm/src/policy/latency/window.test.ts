import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyWindow } from './window.js';

const windowOf = (times: number[]) => {
  const window = new LatencyWindow();
  for (const ms of times) window.add({ ms, censored: false });
  return window;
};

test('knows nothing at first', () => {
  expect(new LatencyWindow().quantile(0.5)).toBeUndefined();
});

test('a quantile is a time that was seen, with at least that share at or below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9_999), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (times, q) => {
        const found = windowOf(times).quantile(q)!;
        expect(times).toContain(found);
        expect(times.filter((ms) => ms <= found).length / times.length).toBeGreaterThanOrEqual(q - 1e-9);
      },
    ),
  );
});

test('old samples leave', () => {
  const window = windowOf(Array.from({ length: 200 }, () => 1_000));
  for (let i = 0; i < 200; i += 1) window.add({ ms: 10, censored: false });
  expect(window.quantile(1)).toBe(10);
});

test('races that were lost keep the slow tail in the quantiles', () => {
  const window = windowOf([100, 100, 100, 100, 100, 100, 100, 100, 100]);
  window.add({ ms: 900, censored: true });
  expect(window.quantile(0.95)).toBe(900);
});
