import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MicFramer } from './mic-framer.js';

describe('MicFramer', () => {
  it('produces 20 ms frames with consecutive times', () => {
    fc.assert(
      fc.property(fc.constantFrom(48_000, 44_100, 16_000), fc.nat(1_000_000), (rateHz, start) => {
        const framer = new MicFramer({ rateHz });
        const frames = [];
        for (let at = start; at < start + rateHz / 2; at += 128)
          frames.push(...framer.push(new Float32Array(128), at));
        expect(frames.length).toBeGreaterThanOrEqual(24);
        frames.forEach((frame, i) => {
          expect(frame.pcm).toHaveLength(320);
          expect(frame.atMs).toBeCloseTo((start * 1000) / rateHz + i * 20, 6);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('restarts the frame times after a discontinuity', () => {
    const framer = new MicFramer({ rateHz: 16_000 });
    framer.push(new Float32Array(200), 0);
    const [frame] = framer.push(new Float32Array(400), 16_000);
    expect(frame!.atMs).toBe(1000);
  });

  it('places an impulse in the frame in which it was captured', () => {
    const framer = new MicFramer({ rateHz: 48_000 });
    const input = new Float32Array(4_800);
    input[2_400] = 1;
    const frames = framer.push(input, 0);
    const loud = frames.filter((frame) => frame.pcm.some((x) => Math.abs(x) > 5_000));
    expect(loud.map((frame) => frame.atMs)).toEqual([40]);
    expect(loud[0]!.pcm.indexOf(Math.max(...loud[0]!.pcm))).toBe(160);
  });
});
