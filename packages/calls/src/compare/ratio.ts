import { ascending, intervalOf, percentile } from '@firstword/turn/statistics';

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
  const of = (gapsMs: number[]) => percentile(ascending(gapsMs), percent);
  return of(pairs.map((pair) => pair.otherMs)) / of(pairs.map((pair) => pair.baseMs));
}

/**
 * The ratio of the two arms' percentiles, with its interval. Lines are drawn with all of their pairs: both arms' gaps,
 * in every round, since those depend on each other.
 * @param percent 0 to 100
 * @returns `undefined` for no pairs
 */
export function pairedRatio(
  pairs: readonly GapPair[],
  percent: number,
  options: { seed?: number; resamples?: number } = {},
): RatioEstimate | undefined {
  if (pairs.length === 0) return undefined;
  const interval = intervalOf(
    pairs,
    (pair) => pair.line,
    (drawn) => ratioAt(drawn, percent),
    options,
  );
  return { ratio: ratioAt(pairs, percent), ...interval };
}
