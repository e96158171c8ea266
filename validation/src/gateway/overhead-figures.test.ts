import { expect, it } from 'vitest';
import { addedMs, shareOfAdded } from './overhead-figures.js';

const rounds = (...lists: number[][]) => lists;
const direct = rounds([100, 101, 102], [110, 111, 112], [105, 106, 107], [100, 100, 100]);
const plus = (ms: number) => direct.map((block) => block.map((value) => value + ms));

it('gives what an arm adds, with no uncertainty where all rounds agree', () => {
  const added = addedMs(plus(2), direct, 50);
  expect(added.value).toBeCloseTo(2);
  expect(added.low).toBeCloseTo(2);
  expect(added.high).toBeCloseTo(2);
});

it('gives a wide interval where rounds differ', () => {
  const uneven = direct.map((block, at) => block.map((value) => value + (at % 2) * 10));
  const { low, high } = addedMs(uneven, direct, 50);
  expect(high - low).toBeGreaterThan(4);
});

it('gives the share of what another arm adds', () => {
  expect(shareOfAdded(plus(1), plus(20), direct, 50).value).toBeCloseTo(0.05);
});
