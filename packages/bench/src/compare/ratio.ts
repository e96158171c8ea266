import { percentile } from '@firstword/measure';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The same line in two arms. */
export interface GapPair {
  /** Which line: said again in another round, it is the same one. */
  line: string;
  baseMs: number;
  otherMs: number;
}

/** How many times as long the other arm's gap is, and the 95 % interval; under 1 is faster. */
export interface RatioEstimate {
  ratio: number;
  /** Absent for a single line, which says nothing about its own spread. */
  low?: number;
  high?: number;
}

function ratioAt(pairs: readonly GapPair[], percent: number): number {
  const of = (gapsMs: number[]) =>
    percentile(
      gapsMs.sort((a, b) => a - b),
      percent,
    );
  return of(pairs.map((pair) => pair.otherMs)) / of(pairs.map((pair) => pair.baseMs));
}

/**
 * The ratio of the two arms' percentiles, with its seeded bootstrap interval (percentile method). Lines are drawn with
 * all of their pairs: both arms' gaps, in every round, since those depend on each other.
 * @param percent 0 to 100
 * @returns `undefined` for no pairs
 */
export function pairedRatio(
  pairs: readonly GapPair[],
  percent: number,
  options: { seed?: number; resamples?: number } = {},
): RatioEstimate | undefined {
  if (pairs.length === 0) return undefined;
  const ratio = ratioAt(pairs, percent);
  const names = [...new Set(pairs.map((pair) => pair.line))];
  const lines = names.map((name) => pairs.filter((pair) => pair.line === name));
  if (lines.length === 1) return { ratio };
  const random = xoroshiro128plus(options.seed ?? 1);
  const drawn = Array.from({ length: options.resamples ?? 1000 }, () =>
    ratioAt(
      lines.flatMap(() => lines[uniformInt(random, 0, lines.length - 1)]!),
      percent,
    ),
  ).sort((a, b) => a - b);
  return { ratio, low: percentile(drawn, 2.5), high: percentile(drawn, 97.5) };
}
