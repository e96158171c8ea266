import { describe, expect, it } from 'vitest';
import { roomOptions } from './room-options.js';

describe('roomOptions', () => {
  it('sets the STT input to 16 kHz and the room output to the rate of the TTS', () => {
    expect(roomOptions({ sampleRate: 44_100 })).toEqual({
      inputOptions: { audioSampleRate: 16_000 },
      outputOptions: { audioSampleRate: 44_100 },
    });
  });

  it('keeps LiveKit’s output rate without a TTS, or if 10 ms are not a whole number of samples', () => {
    const inputOnly = { inputOptions: { audioSampleRate: 16_000 } };
    expect(roomOptions()).toEqual(inputOnly);
    expect(roomOptions({ sampleRate: 22_050 })).toEqual(inputOnly);
  });
});
