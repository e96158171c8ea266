import { expect, test } from 'vitest';
import { newTrace } from '../trace.js';
import { parseResetMs, readHeaders, retryAfterMs } from './headers.js';

test.each([
  ['12ms', 12],
  ['7.66s', 7_660],
  ['1m26.4s', 86_400],
  ['2h', 7_200_000],
  ['30', 30_000],
  ['0', 0],
  ['2026-11-22T00:00:10Z', 10_000],
])('%s', (text, ms) => {
  expect(parseResetMs(text, Date.UTC(2026, 10, 22))).toBeCloseTo(ms);
});

test.each([undefined, '', 'soon', 'soon 5', '5 parsecs', '1.2.3s', '1.s', 'NaN', 'Infinity'])(
  'rejects %s as a duration',
  (text) => {
    expect(parseResetMs(text, 0)).toBeUndefined();
  },
);

test.each(['1e12', '99999999999999999999d', '9999-12-31T00:00:00Z'])('%s is at most 31 days', (text) => {
  expect(parseResetMs(text, Date.UTC(2026, 10, 22))).toBe(31 * 86_400_000);
});

test.each([
  'Mon, 30 Nov 2026 03:00:03 GMT',
  'Monday, 30-Nov-26 03:00:03 GMT',
  'Mon Nov 30 03:00:03 2026 GMT',
])('retry-after %s counts from the date of the response, not from the local clock', (text) => {
  const headers = { 'retry-after': text, date: 'Mon, 30 Nov 2026 03:00:00 GMT' };
  expect(retryAfterMs(headers, Date.UTC(2026, 10, 30, 2, 50))).toBe(3_000);
  expect(retryAfterMs({ 'retry-after': text }, Date.UTC(2026, 10, 30, 3))).toBe(3_000);
});

test('retry-after-ms is more exact than retry-after', () => {
  expect(retryAfterMs({ 'retry-after-ms': '1350', 'retry-after': '2' }, 0)).toBe(1_350);
  expect(retryAfterMs({ 'retry-after-ms': 'soon', 'retry-after': '2' }, 0)).toBe(2_000);
  expect(retryAfterMs({}, 0)).toBeUndefined();
});

test('a date that has passed is now', () => {
  expect(parseResetMs('2020-01-01T00:00:00Z', Date.UTC(2026, 0, 1))).toBe(0);
});

test.each([
  ['Groq and OpenAI', { 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-remaining-tokens': '600' }],
  ['Cerebras', { 'x-ratelimit-remaining-requests-day': '5', 'x-ratelimit-remaining-tokens-minute': '600' }],
  [
    'Anthropic',
    { 'anthropic-ratelimit-requests-remaining': '5', 'anthropic-ratelimit-tokens-remaining': '600' },
  ],
])('reads the headroom of %s', (_provider, headers) => {
  const trace = newTrace({ provider: 'p', model: 'm' });
  readHeaders(trace, headers, 0);
  expect(trace.headroom).toEqual({ requests: 5, tokens: 600 });
});

test('no headers, no headroom', () => {
  const trace = newTrace({ provider: 'p', model: 'm' });
  readHeaders(trace, {}, 0);
  expect(trace.headroom).toBeUndefined();
});

test.each(['', '-1', 'unlimited', 'NaN', '1e999'])('a remaining limit of "%s" is not one', (remaining) => {
  const trace = newTrace({ provider: 'p', model: 'm' });
  readHeaders(trace, { 'x-ratelimit-remaining-requests': remaining }, 0);
  expect(trace.headroom).toBeUndefined();
});

test('a reset date counts from the date of the response', () => {
  const trace = newTrace({ provider: 'p', model: 'm' });
  const headers = {
    date: 'Mon, 30 Nov 2026 03:00:00 GMT',
    'anthropic-ratelimit-requests-remaining': '5',
    'anthropic-ratelimit-requests-reset': '2026-11-30T03:00:20Z',
  };
  readHeaders(trace, headers, Date.UTC(2026, 10, 30, 2));
  expect(trace.limits?.requests).toEqual({ remaining: 5, resetMs: 20_000 });
});
