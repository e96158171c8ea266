import { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { TurnAudio } from './turn-audio.js';

/** 100 ms of audio whose samples are `value`. */
const frame = (value: number) => new AudioFrame(new Int16Array(1600).fill(value), 16_000, 1, 1600);

function audio(values: number[], isSpeaking: boolean, into = new TurnAudio()): TurnAudio {
  into.setSpeaking(isSpeaking);
  for (const value of values) into.push(frame(value));
  return into;
}

const valuesOf = (kept: TurnAudio) => kept.frames().map(({ data }) => data[0]);

it('keeps 400 ms of silence', () => {
  expect(valuesOf(audio([1, 2, 3, 4, 5, 6], false))).toEqual([3, 4, 5, 6]);
});

it('keeps speech, the 400 ms before it and the silence after it, until its words are final', () => {
  const kept = audio([1, 2, 3, 4, 5], false);
  audio([6, 7, 8, 9, 10], true, kept);
  audio([11, 12], false, kept);
  expect(valuesOf(kept)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(kept.hasSpeech).toBe(true);
  kept.forget();
  expect(valuesOf(kept)).toEqual([9, 10, 11, 12]);
  expect(kept.hasSpeech).toBe(false);
});

it('keeps what is being said while earlier words become final', () => {
  const kept = audio([1, 2, 3, 4, 5, 6], true);
  kept.forget();
  audio([7, 8], true, kept);
  expect(valuesOf(kept)).toEqual([3, 4, 5, 6, 7, 8]);
  expect(kept.hasSpeech).toBe(true);
});

it('keeps 30 s of a longer turn', () => {
  expect(audio(Array(400).fill(1), true).frames()).toHaveLength(300);
});

it('forgets speech whose words have not come after 10 s of silence', () => {
  const kept = audio([1, 2], true);
  audio(Array(101).fill(3), false, kept);
  expect(kept.hasSpeech).toBe(false);
  expect(kept.frames()).toHaveLength(4);
});
