import { expect, it } from 'vitest';
import { FinalRequest } from './final-request.js';

const speech = (ms: number) => ({ speechMs: ms, silenceMs: 0 });
const silence = (ms: number) => ({ speechMs: 0, silenceMs: ms });

it('asks once in each pause that follows speech', () => {
  const request = new FinalRequest(90);
  expect(request.onVad(silence(500))).toBe(false);
  request.onVad(speech(64));
  expect(request.onVad(silence(64))).toBe(false);
  expect(request.onVad(silence(96))).toBe(true);
  expect(request.onVad(silence(128))).toBe(false);
  request.onVad(speech(32));
  expect(request.onVad(silence(96))).toBe(true);
});

it('does not ask for a final that has come, or after a sound too short for a word', () => {
  const request = new FinalRequest(90);
  request.onVad(speech(32));
  expect(request.onVad(silence(96))).toBe(false);
  request.onVad(speech(320));
  request.onFinal();
  expect(request.onVad(silence(96))).toBe(false);
});
