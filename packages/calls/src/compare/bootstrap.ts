import { percentile } from '@firstword/records';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A 95 % interval. */
export interface Interval {
  low: number;
  high: number;
}

/** Smallest first. Typed, because thousands of draws are sorted: without a comparison function it takes a third. */
export const ascending = (values: readonly number[]): number[] => [...Float64Array.from(values).sort()];

/**
 * The seeded bootstrap interval of a figure (percentile method). What shares a key is drawn together: the same line
 * said in another round tells less that is new than another line does.
 * @returns `undefined` for fewer than two keys, which say nothing about their own spread
 */
export function intervalOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  figure: (drawn: readonly T[]) => number,
  options: { seed?: number; resamples?: number } = {},
): Interval | undefined {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  if (groups.size < 2) return undefined;
  const kept = [...groups.values()];
  const random = xoroshiro128plus(options.seed ?? 1);
  const figures = Array.from({ length: options.resamples ?? 1000 }, () =>
    figure(kept.flatMap(() => kept[uniformInt(random, 0, kept.length - 1)]!)),
  );
  const drawn = ascending(figures);
  return { low: percentile(drawn, 2.5), high: percentile(drawn, 97.5) };
}
