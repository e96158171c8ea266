import { expect, it } from 'vitest';
import { seededRandom, standardNormal } from '../statistics/index.js';
import { BandMeter } from './band.js';

const RATE_HZ = 16_000;

/** A second of a 300 Hz tone with weaker tones above it. */
const tones = (...others: [hz: number, level: number][]) =>
  Int16Array.from({ length: RATE_HZ }, (_, i) =>
    [[300, 8000] as const, ...others].reduce(
      (sum, [hz, level]) => sum + level * Math.sin((2 * Math.PI * hz * i) / RATE_HZ),
      0,
    ),
  );

const bandOf = (samples: Int16Array, rateHz = RATE_HZ) => {
  const meter = new BandMeter(rateHz);
  for (let i = 0; i < samples.length; i += 160) meter.push(samples.subarray(i, i + 160));
  return meter.band;
};

it('takes a line without energy above 5.6 kHz for a telephone', () => {
  expect(bandOf(tones([3000, 4000]))).toBe('telephone');
  expect(bandOf(tones([7000, 20]))).toBe('telephone');
});

it('takes a line with a little of it for wide', () => {
  expect(bandOf(tones([7000, 200]))).toBe('wide');
  const random = seededRandom(1);
  expect(bandOf(Int16Array.from({ length: RATE_HZ }, () => 500 * standardNormal(random)))).toBe('wide');
});

it('needs no audio at the rate of telephones', () => {
  expect(new BandMeter(8000).band).toBe('telephone');
});

it('does not know before it has heard some speech', () => {
  expect(bandOf(tones([7000, 200]).subarray(0, RATE_HZ / 2))).toBeUndefined();
  expect(bandOf(new Int16Array(10 * RATE_HZ))).toBeUndefined();
});
