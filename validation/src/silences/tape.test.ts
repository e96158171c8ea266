import { expect, it } from 'vitest';
import { longestSilenceMs, SoundTape } from './tape.js';

const tone = (ms: number) => new Int16Array(ms * 24).fill(5_000);

it('joins what is heard, leaves silence out, and ends where it was cleared', () => {
  const tape = new SoundTape();
  tape.play(new Int16Array(480), 0, 1);
  tape.play(tone(20), 20, 1);
  tape.play(tone(20), 100, 1);
  tape.play(tone(20), 150, 2);
  tape.play(tone(20), 1e12, 3);
  tape.clear();
  expect(tape.sounds()).toEqual([
    { fromMs: 20, toMs: 120, answer: 1, level: 5_000 },
    { fromMs: 150, toMs: 170, answer: 2, level: 5_000 },
  ]);
});

it('finds the longest silence, between two moments only', () => {
  const sounds = [
    { fromMs: 500, toMs: 900, answer: 1, level: 1 },
    { fromMs: 2_000, toMs: 3_000, answer: 2, level: 1 },
    { fromMs: 9_000, toMs: 9_500, answer: 3, level: 1 },
  ];
  expect(longestSilenceMs(sounds, 0, 9_000)).toBe(6_000);
  expect(longestSilenceMs(sounds, 0, 2_000)).toBe(1_100);
  expect(longestSilenceMs(sounds, 0, 400)).toBe(400);
});
