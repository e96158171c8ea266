import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JitterBuffer, type PullResult } from './jitter-buffer.js';

/** 1 sample per ms keeps the arithmetic simple. */
const RATE_HZ = 1000;

function loud(ms: number, level = 0.5): Float32Array {
  return new Float32Array(ms).fill(level);
}

function pull(buffer: JitterBuffer, ms: number): PullResult & { block: number[] } {
  const block = new Float32Array(ms);
  return { ...buffer.pull(block), block: [...block] };
}

/** Causes one underrun: plays 20 ms, then nothing for 30 ms. */
function breakOnce(buffer: JitterBuffer): void {
  while (pull(buffer, 10).playedSamples > 0);
  pull(buffer, 30);
}

describe('JitterBuffer', () => {
  it('waits for one frame, then plays', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(10), 1);
    expect(pull(buffer, 10).playedSamples).toBe(0);
    buffer.push(loud(10), 1);
    expect(pull(buffer, 10).playedSamples).toBe(10);
  });

  it('plays an answer that is shorter than the hold', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(5), 1);
    let playedSamples = 0;
    for (let i = 0; i < 10; i++) playedSamples += pull(buffer, 10).playedSamples;
    expect(playedSamples).toBe(5);
  });

  it('plays every sample once and in order, however it is pushed and pulled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ push: fc.integer({ min: 0, max: 40 }), pull: fc.integer({ min: 1, max: 40 }) })),
        (steps) => {
          const buffer = new JitterBuffer({ rateHz: RATE_HZ });
          const pushed: number[] = [];
          const played: number[] = [];
          const drain = (ms: number) => {
            const { block, playedSamples } = pull(buffer, ms);
            played.push(...block.slice(0, playedSamples));
            expect(block.slice(playedSamples).every((x) => x === 0)).toBe(true);
          };
          for (const step of steps) {
            const samples = Float32Array.from(
              { length: step.push },
              (_, i) => (pushed.length + i + 1) / 4096,
            );
            pushed.push(...samples);
            buffer.push(samples, 1);
            drain(step.pull);
          }
          for (let i = 0; i < 100; i++) drain(40);
          expect(played).toEqual(pushed);
          expect(buffer.bufferedMs).toBe(0);
        },
      ),
    );
  });

  it('reports the position of an answer’s first audible sample, after leading silence, and only once', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(30, 0.001), 7);
    buffer.push(loud(30), 7);
    expect(pull(buffer, 20).firstAudible).toEqual([]);
    expect(pull(buffer, 20).firstAudible).toEqual([{ answer: 7, offset: 10 }]);
    expect(pull(buffer, 20).firstAudible).toEqual([]);
  });

  it('reports two answers that begin in one block', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(12), 1);
    buffer.push(loud(12), 2);
    expect(pull(buffer, 24).firstAudible).toEqual([
      { answer: 1, offset: 0 },
      { answer: 2, offset: 12 },
    ]);
  });

  it('discards unplayed audio on clear and buffers the next answer from the start', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(200), 1);
    pull(buffer, 10);
    buffer.clear();
    expect(pull(buffer, 10)).toMatchObject({ playedSamples: 0, block: new Array(10).fill(0) });
    buffer.push(loud(20), 2);
    expect(pull(buffer, 10).firstAudible).toEqual([{ answer: 2, offset: 0 }]);
    expect(buffer.holdMs).toBe(20);
  });

  it('reports the first answer of a new call even if the previous call had the same number', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(20), 1);
    expect(pull(buffer, 20).firstAudible).toHaveLength(1);
    buffer.reset();
    buffer.push(loud(20), 1);
    expect(pull(buffer, 20).firstAudible).toHaveLength(1);
  });

  it('increases the hold after an underrun', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(20), 1);
    breakOnce(buffer);
    buffer.push(loud(20), 1);
    expect(buffer.holdMs).toBe(40);
  });

  it('does not count the silence between answers as an underrun', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    buffer.push(loud(20), 1);
    breakOnce(buffer);
    pull(buffer, 1_000);
    buffer.push(loud(20), 2);
    expect(buffer.holdMs).toBe(20);
  });

  it('does not count a buffer that is emptied on time as an underrun', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    for (let i = 0; i < 20; i++) {
      buffer.push(loud(20), 1);
      expect(pull(buffer, 20).playedSamples).toBe(20);
    }
    expect(buffer.holdMs).toBe(20);
  });

  it('never holds more than 200 ms, and decreases the hold while there is no underrun', () => {
    const buffer = new JitterBuffer({ rateHz: RATE_HZ });
    for (let i = 0; i < 30; i++) {
      buffer.push(loud(200), 1);
      breakOnce(buffer);
    }
    expect(buffer.holdMs).toBe(200);
    buffer.push(loud(10_200), 2);
    while (buffer.bufferedMs > 0) pull(buffer, 100);
    expect(buffer.holdMs).toBe(180);
  });
});
