import { expect, test } from 'vitest';
import { afterHeaders, afterRefusal, afterSend, isRateLimited, NO_LIMITS } from './headroom.js';

const small = { tokens: 100 };

test('unknown limits are no limits', () => {
  expect(isRateLimited(afterSend(NO_LIMITS, small), { nowMs: 0, tokens: 1e9 })).toBe(false);
});

test('counts requests sent since the last headers', () => {
  let limits = afterHeaders(NO_LIMITS, { requests: { remaining: 2, resetMs: 60_000 } }, 0);
  limits = afterSend(afterSend(limits, small), small);
  expect(isRateLimited(limits, { nowMs: 10, tokens: 100 })).toBe(true);
});

test('a prompt larger than the tokens left would be refused', () => {
  const limits = afterHeaders(NO_LIMITS, { tokens: { remaining: 500, resetMs: 60_000 } }, 0);
  expect(isRateLimited(limits, { nowMs: 10, tokens: 400 })).toBe(false);
  expect(isRateLimited(limits, { nowMs: 10, tokens: 600 })).toBe(true);
});

test('counts tokens that were refilled since then', () => {
  const limits = afterHeaders(NO_LIMITS, { tokens: { remaining: 0, limit: 6_000, resetMs: 60_000 } }, 0);
  expect(isRateLimited(limits, { nowMs: 1_000, tokens: 600 })).toBe(true);
  expect(isRateLimited(limits, { nowMs: 7_000, tokens: 600 })).toBe(false);
});

test('after the reset the limit is full', () => {
  const limits = afterHeaders(NO_LIMITS, { requests: { remaining: 0, resetMs: 2_000 } }, 0);
  expect(isRateLimited(limits, { nowMs: 1_999, tokens: 1 })).toBe(true);
  expect(isRateLimited(limits, { nowMs: 2_000, tokens: 1 })).toBe(false);
});

test('a 429 response blocks for its retry-after, or for two seconds', () => {
  expect(isRateLimited(afterRefusal(NO_LIMITS, 0, 5_000), { nowMs: 4_999, tokens: 1 })).toBe(true);
  expect(isRateLimited(afterRefusal(NO_LIMITS, 0, 5_000), { nowMs: 5_000, tokens: 1 })).toBe(false);
  expect(isRateLimited(afterRefusal(NO_LIMITS, 0, undefined), { nowMs: 2_000, tokens: 1 })).toBe(false);
});

test('a long retry-after blocks for a minute at most', () => {
  const limits = afterRefusal(NO_LIMITS, 0, 86_400_000);
  expect(isRateLimited(limits, { nowMs: 59_999, tokens: 1 })).toBe(true);
  expect(isRateLimited(limits, { nowMs: 60_000, tokens: 1 })).toBe(false);
});

test('a limit that later responses do not report is dropped', () => {
  let limits = afterHeaders(NO_LIMITS, { tokens: { remaining: 0, resetMs: 60_000 } }, 0);
  limits = afterHeaders(limits, { requests: { remaining: 100 } }, 60_000);
  expect(isRateLimited(limits, { nowMs: 60_001, tokens: 500 })).toBe(false);
});
