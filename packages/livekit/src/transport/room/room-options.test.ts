import { describe, expect, it } from 'vitest';
import { roomOptions } from './room-options.js';

describe('roomOptions', () => {
  it('lets the eagerStt have 16 kHz, and the room the rate of the voice', () => {
    expect(roomOptions({ sampleRate: 44_100 })).toEqual({
      inputOptions: { audioSampleRate: 16_000 },
      outputOptions: { audioSampleRate: 44_100 },
    });
  });

  it('leaves LiveKit its own rate where there is no voice, or one that has no whole samples in 10 ms', () => {
    const eagerStt = { inputOptions: { audioSampleRate: 16_000 } };
    expect(roomOptions()).toEqual(eagerStt);
    expect(roomOptions({ sampleRate: 22_050 })).toEqual(eagerStt);
  });
});
