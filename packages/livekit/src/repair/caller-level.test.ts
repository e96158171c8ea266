import { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { CallerLevel } from './caller-level.js';

const sound = (level: number, probability = 0.9) => ({
  frames: [new AudioFrame(new Int16Array(512).fill(level), 16_000, 1, 512)],
  probability,
});

it('distinguishes an echo from the caller by its level', () => {
  const level = new CallerLevel();
  for (let i = 0; i < 20; i++) level.hear(sound(8000), false);
  for (let i = 0; i < 5; i++) level.hear(sound(10, 0.1), false);
  for (let i = 0; i < 5; i++) level.hear(sound(1600), true); // 14 dB quieter
  expect([level.isCaller(20), level.isCaller(6)]).toEqual([true, false]);
  level.hear(sound(7000), true);
  expect(level.isCaller(6)).toBe(true);
});

it('does not know before the caller has spoken, nor where the VAD reports no audio', () => {
  const level = new CallerLevel();
  level.hear(sound(8000), true);
  level.hear({ frames: [], probability: 1 }, false);
  expect(level.isCaller(20)).toBeUndefined();
});
