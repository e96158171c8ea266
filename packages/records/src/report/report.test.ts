import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASCADE_MARKS, turnRecord } from '../testing/turn.js';
import { distribution } from './distribution.js';
import { summarise } from './summary.js';

const values = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('a distribution', () => {
  it('of no values is undefined', () => {
    expect(distribution([])).toBeUndefined();
  });

  it('has ordered percentiles, within the values and within their intervals', () => {
    fc.assert(
      fc.property(values, (some) => {
        const found = distribution(some, { resamples: 50 })!;
        const ranked = [found.minMs, found.p50.valueMs, found.p95.valueMs, found.p99.valueMs, found.maxMs];
        expect(ranked).toEqual([...ranked].sort((a, b) => a - b));
        for (const { lowMs = found.minMs, highMs = found.maxMs } of [found.p50, found.p95, found.p99]) {
          expect(lowMs).toBeGreaterThanOrEqual(found.minMs);
          expect(highMs).toBeLessThanOrEqual(found.maxMs);
          expect(lowMs).toBeLessThanOrEqual(highMs);
        }
      }),
    );
  });

  it('gives the same intervals for the same seed, and different ones for another', () => {
    const some = Array.from({ length: 40 }, (_, at) => (at * 7919) % 1009);
    expect(distribution(some, { seed: 5 })).toEqual(distribution(some, { seed: 5 }));
    expect(distribution(some, { seed: 6 })).not.toEqual(distribution(some, { seed: 5 }));
  });

  it('has an interval for the median that is as wide as theory predicts', () => {
    // 1..1001: the standard error of the median of a uniform sample is length / (2·√n) = 15.8, so ± 31 at 95 %.
    const { p50 } = distribution(Array.from({ length: 1001 }, (_, at) => at + 1))!;
    expect(p50.valueMs).toBe(501);
    expect(p50.highMs! - p50.lowMs!).toBeGreaterThan(45);
    expect(p50.highMs! - p50.lowMs!).toBeLessThan(80);
  });

  it('has no interval for a single value', () => {
    expect(distribution([5])!.p50).toEqual({ valueMs: 5 });
  });
});

describe('a summary', () => {
  const slow = { ...CASCADE_MARKS, firstContent: 1840, firstClause: 1920, ttsRequested: 1921 };
  const records = [
    turnRecord({ turn: 1 }),
    turnRecord({ turn: 2, marks: { ...slow, ttsFirstByte: 1971, framePublished: 1973, firstAudible: 2000 } }),
    turnRecord({ turn: 3, marks: { speechEnded: 1 }, interrupted: true }),
    turnRecord({ turn: 1, callId: 'call-2', bargeIn: true }),
  ];

  it('counts turns, calls, and those without a gap by reason', () => {
    expect(summarise(records)).toMatchObject({
      calls: 2,
      turns: 4,
      interrupted: 1,
      bargeIns: 1,
      problems: [{ problem: 'no audible answer was seen', turns: 1 }],
      llms: [{ provider: 'groq', model: 'gpt-oss-120b', emulated: true, turns: 4 }],
      feltGap: { count: 3, p50: { valueMs: 800 }, maxMs: 1000 },
    });
  });

  it('divides the total of the felt gaps by owner and by segment', () => {
    const summary = summarise(records);
    for (const shares of [summary.byOwner, summary.bySegment]) {
      expect(shares.reduce((sum, share) => sum + share.share, 0)).toBeCloseTo(1, 9);
      expect(shares.reduce((sum, share) => sum + share.totalMs, 0)).toBeCloseTo(2600, 6);
    }
  });

  it('adds up what one owner took in several segments of a turn', () => {
    const flite = summarise(records).byOwner.find((share) => share.name === 'provider flite')!;
    // 50 ms to the first byte and 27 ms of leading silence.
    expect(flite).toMatchObject({ turns: 3, p50Ms: 77, totalMs: 231 });
  });

  it('has the gains of segments, and none of owners or hidden work', () => {
    const { byOwner, bySegment, hidden } = summarise(records);
    const wait = bySegment.find((share) => share.name === 'end-of-turn wait');
    expect(wait).toMatchObject({ p50Ms: 500, p95Ms: 500, gain: { turns: 3, p50Ms: 320, p95Ms: 320 } });
    expect([...byOwner, ...hidden].every(({ gain }) => gain === undefined)).toBe(true);
  });

  it('lists hidden work separately', () => {
    expect(summarise(records).hidden.map((share) => share.name)).toEqual(['final transcript']);
  });

  it('of no turns is empty and valid', () => {
    expect(summarise([])).toMatchObject({ turns: 0, feltGap: undefined, byOwner: [], problems: [] });
  });
});
