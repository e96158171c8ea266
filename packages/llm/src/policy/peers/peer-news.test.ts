import { expect, test } from 'vitest';
import {
  afterAnswer,
  afterLimits,
  afterOpening,
  afterOwnFailure,
  believes,
  isLimitedByNews,
  NO_NEWS,
} from './peer-news.js';

const request = (nowMs: number) => ({ nowMs, tokens: 100 });
const NEW = { nowMs: 10_000, ageMs: 200 };

test('news is believed, unless this router has asked and got an answer since', () => {
  expect(believes(NO_NEWS, NEW)).toBe(true);
  const asked = (sentMs: number) => afterAnswer(NO_NEWS, { nowMs: sentMs + 500, sentMs });
  expect(believes(asked(9_700), NEW)).toBe(true);
  expect(believes(asked(9_900), NEW)).toBe(false);
});

test('news is believed once, then this router looks for itself', () => {
  const heard = afterOpening(NO_NEWS, 10_000);
  expect(believes(heard, { nowMs: 99_000, ageMs: 0 })).toBe(false);
  expect(believes(afterOwnFailure(heard), { nowMs: 10_500, ageMs: 0 })).toBe(true);
});

test('an answer shows that news was wrong: none is believed for half a minute', () => {
  const heard = afterOpening(NO_NEWS, 10_000);
  const early = afterAnswer(heard, { nowMs: 10_100, sentMs: 9_000 });
  expect(early.isUnchecked).toBe(true);
  const wrong = afterAnswer(heard, { nowMs: 10_400, sentMs: 10_100 });
  expect(believes(wrong, { nowMs: 40_300, ageMs: 0 })).toBe(false);
  expect(believes(wrong, { nowMs: 40_400, ageMs: 0 })).toBe(true);
});

test('limits of others count for five seconds from when they were found, whatever they say', () => {
  const hour = 3_600_000;
  const blocked = afterLimits(NO_NEWS, { blockedMs: hour }, NEW);
  const empty = afterLimits(NO_NEWS, { requests: { remaining: 0, limit: 60, resetMs: hour } }, NEW);
  for (const peer of [blocked, empty]) {
    expect(isLimitedByNews(peer, request(10_000))).toBe(true);
    expect(isLimitedByNews(peer, request(14_799))).toBe(true);
    expect(isLimitedByNews(peer, request(14_800))).toBe(false);
  }
  const short = afterLimits(NO_NEWS, { blockedMs: 1_000 }, NEW);
  expect(isLimitedByNews(short, request(10_700))).toBe(true);
  expect(isLimitedByNews(short, request(10_800))).toBe(false);
});

test('a liar that never stops shuts out a healthy model for less than a fifth of the time', () => {
  let peer = NO_NEWS;
  let limitedMs = 0;
  for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
    const age = { nowMs, ageMs: 0 };
    if (believes(peer, age)) peer = afterLimits(peer, { blockedMs: 3_600_000 }, age);
    if (isLimitedByNews(peer, request(nowMs))) limitedMs += 100;
    else peer = afterAnswer(peer, { nowMs: nowMs + 50, sentMs: nowMs });
  }
  expect(limitedMs / 600_000).toBeGreaterThan(0.1);
  expect(limitedMs / 600_000).toBeLessThan(0.2);
});
