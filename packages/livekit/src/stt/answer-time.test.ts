import { expect, it } from 'vitest';
import { AnswerTime } from './answer-time.js';

type Metrics = Parameters<AnswerTime['note']>[0];
const llm = (ttftMs: number) => ({ type: 'llm_metrics', ttftMs }) as Metrics;
const tts = (ttfbMs: number) => ({ type: 'tts_metrics', ttfbMs }) as Metrics;

it('is not known before both parts were measured', () => {
  const time = new AnswerTime();
  expect(time.ms).toBeUndefined();
  time.note(llm(200));
  expect(time.ms).toBeUndefined();
  time.note(tts(100));
  expect(time.ms).toBe(400);
});

it('is that of the slowest of late, and leaves out requests without an answer', () => {
  const time = new AnswerTime();
  time.note(tts(100));
  for (const ttftMs of [900, -1, 300]) time.note(llm(ttftMs));
  expect(time.ms).toBe(1100);
  for (let i = 0; i < 7; i++) time.note(llm(300));
  expect(time.ms).toBe(500);
});
