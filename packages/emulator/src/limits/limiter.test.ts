import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findProfile } from '../profiles/registry.js';
import { fullBucket, refill, waitMs, withdraw } from './bucket.js';
import { limitHeaders } from './headers.js';
import { Limiter } from './limiter.js';
import { LIMIT_PRESETS } from './plan.js';

const groq = findProfile('groq-gpt-oss-120b')!;
const openai = findProfile('gpt-4o-mini')!;

describe('a bucket', () => {
  it('never holds more than its capacity and never makes a request wait longer than an empty bucket would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(
          fc.record({ cost: fc.integer({ min: 0, max: 50 }), afterMs: fc.integer({ min: 0, max: 60_000 }) }),
        ),
        (capacity, takes) => {
          let nowMs = 0;
          let bucket = fullBucket(capacity, capacity, nowMs);
          for (const { cost, afterMs } of takes) {
            nowMs += afterMs;
            expect(refill(bucket, nowMs).level).toBeLessThanOrEqual(capacity);
            const wait = waitMs(bucket, cost, nowMs);
            expect(wait).toBeGreaterThanOrEqual(0);
            const later = refill(bucket, nowMs + wait);
            expect(later.level).toBeGreaterThanOrEqual(Math.min(cost, capacity) - 1e-6);
            if (wait === 0) bucket = withdraw(bucket, cost, nowMs);
          }
        },
      ),
    );
  });
});

describe('queueing', () => {
  it('admits thirty sequential calls, then delays each by about two seconds, as observed on Groq’s free tier', () => {
    const limiter = new Limiter([LIMIT_PRESETS['groq-free-tier']]);
    let nowMs = 0;
    const waits = Array.from({ length: 60 }, () => {
      const verdict = limiter.admit({ key: 'k', profile: groq, tokens: 1, nowMs });
      nowMs += verdict.waitMs + 200;
      return verdict.waitMs;
    });
    expect(waits.slice(0, 30)).toEqual(Array(30).fill(0));
    expect(waits.slice(40).every((ms) => Math.abs(ms + 200 - 2000) < 1)).toBe(true);
  });

  it('counts each key and each profile separately', () => {
    const limiter = new Limiter([{ requestsPerMinute: 1, onExceeded: 'queue' }]);
    const wait = (key: string, profile = groq) => limiter.admit({ key, profile, tokens: 1, nowMs: 0 }).waitMs;
    expect([wait('a'), wait('a'), wait('b'), wait('a', openai)]).toEqual([0, 60_000, 0, 0]);
  });
});

describe('rejecting', () => {
  it('charges nothing for a rejected request and says when to retry', () => {
    const limiter = new Limiter([{ tokensPerMinute: 600, onExceeded: 'reject' }]);
    const ask = (nowMs: number) => limiter.admit({ key: 'k', profile: openai, tokens: 400, nowMs });
    expect(ask(0)).toMatchObject({ isRejected: false, headroom: [{ limit: 600, remaining: 200 }] });
    expect(ask(0)).toMatchObject({ isRejected: true, waitMs: 20_000 });
    expect(ask(20_000).isRejected).toBe(false);
  });
});

describe('headers', () => {
  const headroom = [
    { kind: 'requestsPerDay', limit: 1000, remaining: 999, resetMs: 86_400 },
    { kind: 'requestsPerMinute', limit: 60, remaining: 59, resetMs: 12 },
    { kind: 'tokensPerMinute', limit: 8000, remaining: 7000, resetMs: 179_560 },
  ] as const;

  it.each([
    ['groq', { 'x-ratelimit-remaining-requests': '999', 'x-ratelimit-reset-tokens': '2m59.56s' }],
    ['openai', { 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '12ms' }],
    ['cerebras', { 'x-ratelimit-limit-requests-day': '1000', 'x-ratelimit-reset-tokens-minute': '179.56' }],
    [
      'anthropic',
      {
        'anthropic-ratelimit-requests-remaining': '59',
        'anthropic-ratelimit-tokens-reset': '1970-01-01T00:02:59Z',
      },
    ],
  ] as const)('%s has its own', (provider, expected) => {
    expect(limitHeaders(provider, [...headroom], 0)).toMatchObject(expected);
  });

  it('are absent when no limits are configured', () => {
    expect(limitHeaders('openai', [], 0)).toEqual({});
  });
});
