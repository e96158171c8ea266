import { expect, it } from 'vitest';
import { frameLevels, quietestPlace, rms } from './level.js';

it('measures the level of a square wave as its height', () => {
  expect(rms(Int16Array.of(300, -300, 300, -300))).toBe(300);
});

it('measures an empty clip as silence', () => {
  expect(rms(new Int16Array())).toBe(0);
});

it('ignores an incomplete frame', () => {
  expect(frameLevels(Int16Array.of(5, 5, 9, 9, 1), 2)).toEqual([5, 9]);
});

it('finds the middle of the quietest frame', () => {
  const samples = new Int16Array(400).fill(1_000).fill(10, 200, 300);
  expect(quietestPlace(samples, 100)).toBe(250);
});
