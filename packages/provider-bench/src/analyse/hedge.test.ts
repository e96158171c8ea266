import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestOutcome, simulateHedge, withoutHedge } from './hedge.js';

const answered = (...times: number[]): RequestOutcome[] => times.map((ms) => ({ ms, failed: false }));

/** Every primary with every backup, one by one. */
function byHand(
  primary: RequestOutcome[],
  backup: RequestOutcome[],
  delayMs: number,
  quantile: number,
): number {
  const all = primary.flatMap((x) =>
    backup.map((y) => {
      const askedMs = x.failed ? Math.min(x.ms, delayMs) : delayMs;
      const backupMs = y.failed ? Number.POSITIVE_INFINITY : askedMs + y.ms;
      return Math.min(x.failed ? Number.POSITIVE_INFINITY : x.ms, backupMs);
    }),
  );
  const sorted = all.sort((a, b) => a - b);
  return sorted[Math.ceil(quantile * sorted.length - 1e-9) - 1]!;
}

const outcomes = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 5000 }), failed: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});

describe('a hedge', () => {
  it('equals the result of trying every pair of samples', () => {
    fc.assert(
      fc.property(outcomes, outcomes, fc.integer({ min: 0, max: 3000 }), (primary, backup, delayMs) => {
        const found = simulateHedge(primary, backup, { delayMs });
        for (const [ms, quantile] of [
          [found.p50Ms, 0.5],
          [found.p95Ms, 0.95],
        ] as const) {
          const wanted = byHand(primary, backup, delayMs, quantile);
          if (wanted === Number.POSITIVE_INFINITY) expect(ms).toBeUndefined();
          else expect(Math.abs(ms! - wanted)).toBeLessThan(0.01);
        }
      }),
    );
  });

  it('never increases latency', () => {
    fc.assert(
      fc.property(outcomes, outcomes, fc.integer({ min: 0, max: 3000 }), (primary, backup, delayMs) => {
        const base = withoutHedge(primary);
        const found = simulateHedge(primary, backup, { delayMs });
        expect(found.failedShare).toBeLessThanOrEqual(base.failedShare + 1e-9);
        if (base.p95Ms !== undefined) expect(found.p95Ms).toBeLessThanOrEqual(base.p95Ms + 0.01);
      }),
    );
  });

  it('counts requests without content at the delay as extra, with their cost', () => {
    const primary = answered(100, 200, 300, 900);
    const backup = [{ ms: 50, failed: false, costUsd: 0.002 }];
    expect(simulateHedge(primary, backup, { delayMs: 250 })).toMatchObject({
      extraShare: 0.5,
      extraUsdPerThousand: 1,
    });
    expect(simulateHedge(primary, backup, { delayMs: 0 }).extraShare).toBe(1);
    expect(simulateHedge(primary, answered(50), { delayMs: 250 }).extraUsdPerThousand).toBeUndefined();
  });

  it('fails over at once, without waiting for the delay', () => {
    const failing = [{ ms: 10, failed: true }];
    expect(withoutHedge(failing)).toEqual({ failedShare: 1 });
    const found = simulateHedge(failing, answered(100), { delayMs: 800 });
    expect(found.p50Ms).toBeCloseTo(110, 2);
    expect(found).toMatchObject({ failedShare: 0, extraShare: 1 });
  });
});
