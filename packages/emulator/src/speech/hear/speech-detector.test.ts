import { expect, it } from 'vitest';
import { SpeechDetector } from './speech-detector.js';

const RATE = 16;

function audio(parts: readonly [number, number][]): Int16Array {
  const samples: number[] = [];
  for (const [ms, level] of parts) {
    for (let index = 0; index < ms * RATE; index += 1) samples.push(index % 2 === 0 ? level : -level);
  }
  return Int16Array.from(samples);
}

function found(parts: readonly [number, number][]): [string, number][] {
  const events: [string, number][] = [];
  const detector = new SpeechDetector({
    onSpeech: (atMs) => events.push(['speech', atMs]),
    onPause: (atMs) => events.push(['pause', atMs]),
    onSilence: () => {},
  });
  detector.push(audio(parts));
  return events;
}

it('finds speech and pauses where they are', () => {
  expect(
    found([
      [500, 0],
      [1000, 5000],
      [300, 0],
      [400, 5000],
      [200, 0],
    ]),
  ).toEqual([
    ['speech', 500],
    ['pause', 1500],
    ['speech', 1800],
    ['pause', 2200],
  ]);
});

it('passes over clicks and the closures of consonants', () => {
  expect(
    found([
      [500, 0],
      [10, 20_000],
      [500, 0],
    ]),
  ).toEqual([]);
  expect(
    found([
      [100, 0],
      [300, 5000],
      [80, 0],
      [300, 5000],
      [200, 0],
    ]),
  ).toEqual([
    ['speech', 100],
    ['pause', 780],
  ]);
});

it('finds speech above the noise of a room', () => {
  expect(
    found([
      [1000, 250],
      [600, 4000],
      [500, 250],
    ]),
  ).toEqual([
    ['speech', 1000],
    ['pause', 1600],
  ]);
});
