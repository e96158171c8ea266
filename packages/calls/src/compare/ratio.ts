import { ascending, intervalOf, percentile } from '@firstword/turn/statistics';

/** The felt gaps of the same line in two arms. */
export interface GapPair {
  /** Id of the line, the same in all rounds. */
  line: string;
  /** Who says the line, where that is known. */
  speaker?: string | undefined;
  baseMs: number;
  otherMs: number;
}

/** Ratio of the other arm's gap to the base arm's, with its 95 % interval; below 1 is faster. */
export interface RatioEstimate {
  ratio: number;
  /** Absent for a single line, from which no spread can be estimated. */
  low?: number;
  high?: number;
}

/** What is resampled as a whole: all lines of a speaker, since they are alike; else a line in all its rounds. */
export const clusterOf = ({ line, speaker }: { line: string; speaker?: string | undefined }): string =>
  speaker ?? line;

function ratioAt(pairs: readonly GapPair[], percent: number): number {
  const of = (gapsMs: number[]) => percentile(ascending(gapsMs), percent);
  return of(pairs.map((pair) => pair.otherMs)) / of(pairs.map((pair) => pair.baseMs));
}

/**
 * The ratio of the two arms' percentiles, with its bootstrap interval. Resampling is by speaker where that is known, else by
 * line, with the gaps of both arms in all rounds, because these are correlated.
 * @param percent 0 to 100
 * @returns `undefined` for no pairs
 */
export function pairedRatio(
  pairs: readonly GapPair[],
  percent: number,
  options: { seed?: number; resamples?: number } = {},
): RatioEstimate | undefined {
  if (pairs.length === 0) return undefined;
  const interval = intervalOf(pairs, clusterOf, (drawn) => ratioAt(drawn, percent), options);
  return { ratio: ratioAt(pairs, percent), ...interval };
}
