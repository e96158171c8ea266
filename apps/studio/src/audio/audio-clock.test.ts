import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioClock } from './audio-clock.js';

describe('AudioClock', () => {
  it('is undefined before the first observation', () => {
    expect(new AudioClock().atMs(5)).toBeUndefined();
  });

  it('is never ahead of the audio clock, and behind it by no more than the fastest message', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 50 }), (delays) => {
        const clock = new AudioClock();
        const trueOffsetMs = -1_234;
        delays.forEach((delayMs, i) => {
          clock.observe(i * 50 + delayMs, i * 50 + trueOffsetMs);
        });
        expect(clock.atMs(9_000)).toBeCloseTo(9_000 + trueOffsetMs - Math.min(...delays), 6);
      }),
    );
  });

  it('follows a clock that has fallen behind', () => {
    const clock = new AudioClock();
    for (let ms = 0; ms < 40_000; ms += 50) clock.observe(ms, ms < 15_000 ? ms : ms - 40);
    expect(clock.atMs(40_000)).toBe(39_960);
  });
});
