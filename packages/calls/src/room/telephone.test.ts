import { describe, expect, it } from 'vitest';
import { CALLER_RATE_HZ } from '../caller/clips.js';
import { muLaw, throughTelephone } from './telephone.js';

const tone = (hz: number) =>
  Int16Array.from({ length: CALLER_RATE_HZ }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / CALLER_RATE_HZ)),
  );
const rms = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
const line = { parts: ['Hello?'], breathMs: 0 };

describe('μ-law', () => {
  it('has the decoded values of G.711: silence, the smallest step, and the loudest', () => {
    expect([0, 8, 32_767, -32_768].map(muLaw)).toEqual([0, 8, 32_124, -32_124]);
  });

  it('has an error of at most 1/16 of the sample plus two of the smallest steps', () => {
    for (let sample = -32_000; sample <= 32_000; sample += 37) {
      expect(Math.abs(muLaw(sample) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 8);
    }
  });
});

describe('a telephone', () => {
  it('keeps the voice band and the length, and removes everything above 4 kHz', () => {
    const low = throughTelephone({ line, samples: tone(1000) }).samples;
    const high = throughTelephone({ line, samples: tone(6000) }).samples;
    expect(low).toHaveLength(CALLER_RATE_HZ);
    expect(rms(low) / rms(tone(1000))).toBeCloseTo(1, 1);
    expect(rms(high) / rms(tone(6000))).toBeLessThan(0.05);
  });
});
