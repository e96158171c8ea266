import { expect, it } from 'vitest';
import { Upsampler } from './upsampler.js';

const sine = (hz: number, rateHz: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / rateHz)),
  );

it('makes three samples of two, in whatever pieces they come, and keeps the tone', () => {
  const input = sine(300, 16_000, 1601);
  const whole = new Upsampler().push(input);
  const upsampler = new Upsampler();
  const pieces = [input.slice(0, 7), input.slice(7, 400), input.slice(400)].flatMap((piece) => [
    ...upsampler.push(piece),
  ]);
  expect(pieces).toEqual([...whole]);
  expect(whole).toHaveLength(2400);
  // Its first sample lies a third of an old sample before the first of the input.
  const wanted = Array.from(
    { length: 2400 },
    (_, i) => 8000 * Math.sin((2 * Math.PI * 300 * ((i * 2) / 3 - 1 / 3)) / 16_000),
  );
  const off = Math.max(...wanted.map((sample, i) => Math.abs(sample - whole[i]!)).slice(3));
  expect(off).toBeLessThan(60);
});
