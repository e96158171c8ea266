import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleBuffer } from './sample-buffer.js';

it('returns the pushed samples from any position that is still held', () => {
  const step = fc.record({ length: fc.nat(5_000), keep: fc.nat(8_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const tape = new SampleBuffer();
      for (const { length, keep } of steps) {
        const from = tape.end;
        tape.push(Int16Array.from({ length }, (_, i) => from + i));
        tape.dropBefore(tape.end - keep);
      }
      const expected = Array.from({ length: tape.end - tape.start }, (_, i) => tape.start + i);
      expect([...tape.slice(tape.start)]).toEqual([...Int16Array.from(expected)]);
    }),
  );
});

it('holds no more than requested', () => {
  const tape = new SampleBuffer();
  tape.push(new Int16Array(100));
  tape.dropBefore(90);
  expect([tape.start, tape.end]).toEqual([90, 100]);
});

it('has no samples from before its start', () => {
  const tape = new SampleBuffer();
  tape.push(Int16Array.of(1, 2, 3, 4));
  tape.dropBefore(2);
  expect([...tape.slice(0, 3)]).toEqual([3]);
});
