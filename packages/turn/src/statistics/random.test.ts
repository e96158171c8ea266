import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { hash32, oneOf, seededRandom, shuffled, standardNormal } from './random.js';

it('without labels, draws the sequence of xoroshiro128+ for that seed', () => {
  const [random, plain] = [seededRandom(7), xoroshiro128plus(7)];
  for (let i = 0; i < 100; i += 1) {
    expect(random.uniform()).toBe(uniformFloat64(plain));
    expect(random.integer(0, i)).toBe(uniformInt(plain, 0, i));
  }
});

it('with labels, has a separate sequence for each purpose', () => {
  const first = (...labels: string[]) => seededRandom(7, ...labels).uniform();
  expect(first('ttft', 'a')).toBe(first('ttft', 'a'));
  expect(new Set([first(), first('ttft'), first('ttft', 'a'), first('ttft', 'b')]).size).toBe(4);
});

it('hashes as FNV-1a does', () => {
  // Test vectors of the reference implementation (Noll).
  expect(hash32('')).toBe(0x811c9dc5);
  expect(hash32('foobar')).toBe(0xbf9cf968);
});

it('draws normal numbers of mean 0 and variance 1', () => {
  const random = seededRandom(1);
  const values = Array.from({ length: 100_000 }, () => standardNormal(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
});

it('picks each value and shuffles each to the front about equally often', () => {
  const random = seededRandom(1);
  const values = ['a', 'b', 'c', 'd'];
  const picked = Array.from({ length: 8_000 }, () => oneOf(values, random));
  const first = Array.from({ length: 8_000 }, () => shuffled(values, random)[0]);
  for (const value of values) {
    for (const seen of [picked, first]) {
      const share = seen.filter((one) => one === value).length / seen.length;
      expect(share).toBeCloseTo(0.25, 1);
    }
  }
  expect(shuffled(values, random).sort()).toEqual(values);
});
