import { describe, expect, it } from 'vitest';
import { roomOptions } from './room-options.js';

describe('roomOptions', () => {
  it('lets the ears have 16 kHz, and the room the rate of the voice', () => {
    expect(roomOptions({ sampleRate: 44_100 })).toEqual({
      inputOptions: { audioSampleRate: 16_000 },
      outputOptions: { audioSampleRate: 44_100 },
    });
  });

  it('leaves LiveKit its own rate where there is no voice, or one that has no whole samples in 10 ms', () => {
    const ears = { inputOptions: { audioSampleRate: 16_000 } };
    expect(roomOptions()).toEqual(ears);
    expect(roomOptions({ sampleRate: 22_050 })).toEqual(ears);
  });
});
