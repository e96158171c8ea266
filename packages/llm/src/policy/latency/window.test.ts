import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyWindow } from './window.js';

const windowOf = (times: number[]) => {
  const window = new LatencyWindow();
  for (const ms of times) window.add({ ms, censored: false });
  return window;
};

test('has no quantiles at first', () => {
  expect(new LatencyWindow().quantile(0.5)).toBeUndefined();
});

test('a quantile is a measured time with at least that share at or below it', () => {
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

test('drops old samples', () => {
  const window = windowOf(Array.from({ length: 800 }, () => 1_000));
  for (let i = 0; i < 800; i += 1) window.add({ ms: 10, censored: false });
  expect(window.quantile(1)).toBe(10);
});

test('drops old duplicate requests too', () => {
  const window = new LatencyWindow();
  for (let i = 0; i < 800; i += 1) window.add({ ms: 5, censored: false }, { duplicate: i % 2 === 0 });
  for (let i = 0; i < 800; i += 1) window.add({ ms: 10, censored: false }, { duplicate: i % 3 === 0 });
  expect(window.waitQuantile(0)).toBe(10);
  expect(window.quantile(0)).toBe(10);
});

test('lost races keep the slow tail in the quantiles', () => {
  const window = windowOf([100, 100, 100, 100, 100, 100, 100, 100, 100]);
  window.add({ ms: 900, censored: true });
  expect(window.quantile(0.95)).toBe(900);
});

test('with few samples, the next may be the slowest', () => {
  const ten = windowOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(ten.quantile(0.9)).toBe(10);
  expect(ten.quantile(0.8)).toBe(9);
});

/** Times spread evenly over 1 to `most` ms, in mixed order. */
const evenly = fc
  .tuple(fc.integer({ min: 100, max: 700 }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })))
  .map(([most, random]) =>
    Array.from({ length: most }, (_, i) => ({ ms: i + 1, by: random.next().value as number }))
      .sort((a, b) => a.by - b.by)
      .map(({ ms }) => ms),
  );

test('cancelled requests do not change the quantiles before the moment of cancellation', () => {
  fc.assert(
    fc.property(evenly, fc.double({ min: 0.5, max: 1, noNaN: true }), (times, share) => {
      const [all, cut] = [new LatencyWindow(), new LatencyWindow()];
      const cutMs = Math.ceil(share * times.length);
      for (const ms of times) {
        all.add({ ms, censored: false });
        cut.add(ms > cutMs ? { ms: cutMs, censored: true } : { ms, censored: false });
      }
      for (const q of [0.1, 0.3, share - 0.05]) expect(cut.quantile(q)).toBe(all.quantile(q));
      expect(cut.quantile(1)).toBe(cutMs);
    }),
  );
});

test('callers who left no longer wait; callers answered sooner by another model still count', () => {
  const [gone, lostRace] = [new LatencyWindow(), new LatencyWindow()];
  for (let i = 1; i <= 100; i += 1) {
    if (i % 2 === 0) gone.addAbandoned(i);
    else gone.add({ ms: i, censored: false });
    if (i > 60) lostRace.addUnfairLoss(60);
    else lostRace.add({ ms: i, censored: false });
  }
  expect(gone.waitQuantile(0.5)).toBe(51);
  expect(gone.quantile(0.5)).toBeGreaterThan(65);
  expect(lostRace.waitQuantile(0.9)).toBe(60);
});

test('where a second model answered before every slow request, the wait does not follow the longest one', () => {
  // Of answers with an exponential tail and a mean of 500 ms, those after 655 ms lose the race, one of them much later.
  const wait = (longestMs: number) => {
    const window = new LatencyWindow();
    for (let i = 0; i < 73; i += 1) window.add({ ms: -500 * Math.log(1 - (i + 0.5) / 100), censored: false });
    for (let i = 0; i < 26; i += 1) window.add({ ms: 700 + 10 * i, censored: true });
    window.add({ ms: longestMs, censored: true });
    return window.waitQuantile(0.8)!;
  };
  const rightMs = 500 * Math.log(1 / 0.2);
  expect(wait(1_000) / rightMs).toBeGreaterThan(0.95);
  expect(wait(1_000) / rightMs).toBeLessThan(1.05);
  expect(wait(5_000)).toBe(wait(1_000));
  // The estimate never exceeds the longest wait.
  expect(wait(700)).toBeLessThanOrEqual(950);
});

test('a duplicate request to the same model counts for its speed, but not as another wait', () => {
  const window = windowOf([100, 200, 300, 400]);
  const waitMs = window.waitQuantile(0.5);
  for (let i = 0; i < 4; i += 1) {
    window.add({ ms: 20, censored: i > 1 }, { duplicate: true });
    window.addUnfairLoss(20, { duplicate: true });
    window.addAbandoned(20, { duplicate: true });
  }
  expect(window.waitQuantile(0.5)).toBe(waitMs);
  expect(window.quantile(0.1)).toBe(20);
  expect(window.count).toBe(8);
});

test('callers who leave early neither hide the slow answers nor count as lost races', () => {
  const times = Array.from({ length: 400 }, (_, i) => ((i * 149) % 400) + 1);
  const window = new LatencyWindow();
  // Every other caller leaves at 200 ms. Counting these as answers or dropping them would lose half of the slow answers.
  for (const [i, ms] of times.entries()) {
    if (i % 2 === 0 && ms > 200) window.addAbandoned(200);
    else window.add({ ms, censored: false });
  }
  expect(window.quantile(0.9)! / 360).toBeGreaterThan(0.95);
  expect(window.quantile(0.9)! / 360).toBeLessThan(1.05);
  expect(window.count).toBe(times.filter((ms, i) => i % 2 === 1 || ms <= 200).length);
  expect(window.recent(400).some(({ censored }) => censored)).toBe(false);
});

test('quantiles always rise with q and are measured times', () => {
  const sample = fc.record({ ms: fc.nat(50), kind: fc.constantFrom('seen', 'lost', 'left', 'gone') });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 2_000 }), (samples) => {
      const window = new LatencyWindow();
      for (const { ms, kind } of samples) {
        if (kind === 'left') window.addUnfairLoss(ms);
        else if (kind === 'gone') window.addAbandoned(ms);
        else window.add({ ms, censored: kind === 'lost' });
      }
      const kept = samples.slice(-800);
      const quantiles = [0, 0.25, 0.5, 0.75, 1].map((q) => window.quantile(q)!);
      expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
      for (const ms of quantiles) expect(kept.map((one) => one.ms)).toContain(ms);
      expect(window.quantile(1)).toBe(Math.max(...kept.map((one) => one.ms)));
      for (const q of [0.25, 0.5, 0.75])
        expect(window.waitQuantile(q)).toBeLessThanOrEqual(window.quantile(q)!);
      expect(window.count).toBe(kept.filter(({ kind }) => kind === 'seen' || kind === 'lost').length);
    }),
  );
});

test('waits include the time before the request, speeds do not', () => {
  const window = new LatencyWindow();
  for (let i = 1; i <= 100; i += 1) window.add({ ms: i, censored: false }, { priorWaitMs: 300 });
  expect(window.quantile(0.5)).toBe(51);
  expect(window.waitQuantile(0.5)).toBe(351);
  // Answers that came while the caller still spoke were not waited for.
  for (let i = 1; i <= 100; i += 1) window.add({ ms: i, censored: false }, { priorWaitMs: -300 });
  expect(window.waitQuantile(0.25)).toBe(0);
});

test('requests that no caller waited for count for the speed, not for the waits', () => {
  const window = new LatencyWindow();
  for (let ms = 1; ms <= 50; ms += 1) window.add({ ms: 10 * ms, censored: false });
  for (let i = 0; i < 50; i += 1) window.addAbandoned(2_000, { awaited: false });
  // Half of all requests are waited for, and half of those for more than 250 ms.
  expect(window.waitQuantile(0.75)).toBeGreaterThan(230);
  expect(window.waitQuantile(0.75)).toBeLessThan(270);
  for (let i = 0; i < 800; i += 1) window.add({ ms: 5, censored: false }, { awaited: false });
  expect(window.waitQuantile(0.99)).toBe(0);
  expect(window.quantile(0.5)).toBe(5);
});
