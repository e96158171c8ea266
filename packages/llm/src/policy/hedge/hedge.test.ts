import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyWindow } from '../latency/window.js';
import { hedgeDelayMs } from './delay.js';
import { canHedge, fillLevel, newBucket, refill, take } from './token-bucket.js';

const hundred = { count: 100, quantile: (q: number) => q * 1_000, waitQuantile: (q: number) => q * 1_000 };
const usual = { latency: hundred, budget: 0.1, bucketFill: 0.5, priorWaitMs: 0, initialDelayMs: 800 };

test('the delay is the quantile that leaves a share equal to the budget', () => {
  expect(hedgeDelayMs(usual)).toBeCloseTo(900);
});

test('a full bucket hedges sooner, an empty one later', () => {
  expect(hedgeDelayMs({ ...usual, bucketFill: 1 })).toBeCloseTo(875);
  expect(hedgeDelayMs({ ...usual, bucketFill: 0 })).toBeCloseTo(925);
});

test('the delay is shorter for a caller who has already waited, and never negative', () => {
  expect(hedgeDelayMs({ ...usual, priorWaitMs: 350 })).toBeCloseTo(550);
  expect(hedgeDelayMs({ ...usual, priorWaitMs: -40 })).toBeCloseTo(940);
  expect(hedgeDelayMs({ ...usual, priorWaitMs: 2_000 })).toBe(0);
});

test('a fixed quantile is used regardless of the caller’s wait', () => {
  expect(hedgeDelayMs({ ...usual, quantile: 0.5, priorWaitMs: 350 })).toBe(500);
});

test('requests cancelled early leave their share of the budget to the others', () => {
  const latency = new LatencyWindow();
  // Four in ten are superseded at 100 ms; the answers of the others are spread evenly over 1 to 480 ms.
  for (let i = 0; i < 320; i += 1) latency.addAbandoned(100);
  for (let i = 1; i <= 480; i += 1) latency.add({ ms: i, censored: false });
  const known = { ...usual, latency, budget: 0.25 };
  const delayMs = hedgeDelayMs(known);
  // A quarter of the 800 requests is 200; that many are still waiting after 280 ms.
  expect(delayMs).toBeGreaterThan(270);
  expect(delayMs).toBeLessThan(290);
  expect(hedgeDelayMs({ ...known, quantile: 0.75 })).toBeGreaterThan(340);
});

test('uses the initial delay while there are few samples', () => {
  expect(hedgeDelayMs({ ...usual, latency: { ...hundred, count: 9 } })).toBe(800);
});

/** Requests of any size, each of which may hedge, fail over, or neither. */
const session = fc.array(
  fc.record({
    promptTokens: fc.integer({ min: 1, max: 50_000 }),
    wish: fc.constantFrom('hedge', 'failover', 'nothing'),
  }),
  { maxLength: 500 },
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('hedges always stay within the budget in requests and in tokens, beyond the initial credit', () => {
  fc.assert(
    fc.property(session, share, (requests, budget) => {
      let bucket = newBucket();
      const hedged = { requests: 0, tokens: 0 };
      for (const { promptTokens, wish } of requests) {
        bucket = refill(bucket, { budget, promptTokens });
        const hedges = wish === 'hedge' && canHedge(bucket, { promptTokens });
        if (hedges || wish === 'failover') bucket = take(bucket, { promptTokens });
        if (hedges) hedged.requests += 1;
        if (hedges) hedged.tokens += promptTokens;
        expect(fillLevel(bucket)).toBeGreaterThanOrEqual(0);
        expect(fillLevel(bucket)).toBeLessThanOrEqual(1);
      }
      const all = requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
      const largest = Math.max(0, ...requests.map(({ promptTokens }) => promptTokens));
      expect(hedged.requests).toBeLessThanOrEqual(budget * requests.length + 20 + 1e-6);
      expect(hedged.tokens).toBeLessThanOrEqual(budget * all + 20 * largest + 1e-6);
    }),
  );
});

test('large prompts are hedged no more than their tokens allow, regardless of the number of small ones', () => {
  let bucket = newBucket();
  let large = 0;
  for (let i = 0; i < 3_000; i += 1) {
    bucket = refill(bucket, { budget: 0.1, promptTokens: i % 10 === 0 ? 20_000 : 100 });
    // Only the large ones hedge; the request limit alone would allow each of them.
    if (i % 10 !== 0 || !canHedge(bucket, { promptTokens: 20_000 })) continue;
    bucket = take(bucket, { promptTokens: 20_000 });
    large += 1;
  }
  expect(large).toBeLessThanOrEqual(0.1 * 300 + 20 + 2);
});

test('small prompts do not build up credit for a huge one', () => {
  let bucket = newBucket();
  for (let i = 0; i < 20; i += 1) bucket = refill(bucket, { budget: 0.1, promptTokens: 100 });
  bucket = take(bucket, { promptTokens: 100_000 });
  expect(canHedge(bucket, { promptTokens: 100 })).toBe(false);
});

test('failovers use up the credit and leave no debt: the next hedge needs the credit of one request', () => {
  let bucket = newBucket();
  for (let i = 0; i < 500; i += 1) bucket = take(bucket, { promptTokens: 10 });
  expect(canHedge(bucket, { promptTokens: 10 })).toBe(false);
  for (let i = 0; i < 11; i += 1) bucket = refill(bucket, { budget: 0.1, promptTokens: 10 });
  expect(canHedge(bucket, { promptTokens: 10 })).toBe(true);
});
