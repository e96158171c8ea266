import { expect, test } from 'vitest';
import { DipDetector } from './dip.js';

const MS = 16;
const tone = (ms: number, level = 3_000) =>
  Int16Array.from({ length: ms * MS }, (_, i) => (i % 2 ? level : -level));
const quiet = (ms: number) => new Int16Array(ms * MS);

/** Positions at which dips were detected, ms of audio, in pushes of `pushMs`. */
function dipsOf(parts: Int16Array[], pushMs = 10): number[] {
  const audio = Int16Array.from(parts.flatMap((part) => [...part]));
  const listener = new DipDetector();
  const dips: number[] = [];
  for (let from = 0; from < audio.length; from += pushMs * MS) {
    const to = Math.min(audio.length, from + pushMs * MS);
    if (listener.push(audio.subarray(from, to))) dips.push(to / MS);
  }
  return dips;
}

test('a dip is detected once, 30 ms after the last sound', () => {
  expect(dipsOf([tone(200), quiet(300)])).toEqual([230]);
});

test('each quiet moment is a dip', () => {
  expect(dipsOf([tone(200), quiet(60), tone(100), quiet(200)])).toEqual([230, 390]);
});

test('a shorter quiet moment is not a dip', () => {
  expect(dipsOf([tone(200), quiet(20), tone(100)])).toEqual([]);
});

test('silence before any speech is not a dip', () => {
  expect(dipsOf([quiet(500), tone(30, 15)])).toEqual([]);
});

test('the size of the pushes changes only when a dip is detected', () => {
  expect(dipsOf([tone(200), quiet(300)], 7)).toHaveLength(1);
  expect(dipsOf([tone(200), quiet(300)], 32)).toEqual([256]);
});

test('in a noisy room, the room is not speech', () => {
  expect(dipsOf([tone(300, 400), tone(300, 3_000), tone(300, 400)])).toEqual([630]);
});

test('a soft consonant after a loud vowel is still speech', () => {
  expect(dipsOf([quiet(100), tone(200, 6_000), tone(80, 450), quiet(100)])).toEqual([410]);
});

test('a quiet speaker is detected again after a loud one', () => {
  expect(dipsOf([tone(300, 20_000), quiet(3_000), tone(300, 600), quiet(100)])).toEqual([330, 3_630]);
});
