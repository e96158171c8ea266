import { expect, test } from 'vitest';
import { newTrace } from '../trace.js';
import { parseResetMs, readHeaders } from './headers.js';

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

test.each([undefined, '', 'soon', '5 parsecs'])('rejects %s as a duration', (text) => {
  expect(parseResetMs(text, 0)).toBeUndefined();
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
