import { expect, it } from 'vitest';
import { faultVerdict } from './fault-verdict.js';
import type { StreamedAnswer } from './read-answer.js';

const expected = { text: 'We open at noon every day. We close at ten.', toolCalls: [] };
const whole: StreamedAnswer = {
  status: 200,
  firstContentMs: 900,
  totalMs: 1_000,
  text: expected.text,
  toolCalls: [],
  finishReason: 'stop',
  sawDone: true,
  timedOut: false,
};
const verdictOf = (changes: Partial<StreamedAnswer>) =>
  faultVerdict({ ...whole, ...changes }, expected, { limitMs: 2_500 });

it('accepts the whole answer in time only', () => {
  expect(verdictOf({})).toBe('whole');
  expect(verdictOf({ totalMs: 2_600 })).toBe('late');
});

it('tells a cut that is told from one that looks complete', () => {
  const cut = { text: 'We open at noon every d' };
  expect(verdictOf({ ...cut, finishReason: 'length' })).toBe('told');
  expect(verdictOf({ ...cut, error: 'the provider broke off' })).toBe('told');
  expect(verdictOf({ ...cut, finishReason: 'stop' })).toBe('silent cut');
  const { finishReason: _, ...open } = { ...whole, ...cut };
  expect(faultVerdict(open, expected, { limitMs: 2_500 })).toBe('silent cut');
});

it('accepts a continued answer, and no other words', () => {
  expect(verdictOf({ text: 'We open at noon every day, and close at ten.' })).toBe('continued');
  expect(verdictOf({ text: 'Hello, this is the Blue Door.' })).toBe('wrong');
});

it('tells an error from an empty answer', () => {
  expect(verdictOf({ text: '', error: 'status 503' })).toBe('failed');
  expect(verdictOf({ text: '' })).toBe('nothing');
});

it('takes a tool call with half its arguments for a cut', () => {
  const call = { name: 'book', arguments: '{"party": 4, "da' };
  const toolExpected = { text: '', toolCalls: [{ name: 'book', arguments: '{"party": 4}' }] };
  const answer = { ...whole, text: '', toolCalls: [call], finishReason: 'tool_calls' };
  expect(faultVerdict(answer, toolExpected, { limitMs: 2_500 })).toBe('silent cut');
});
