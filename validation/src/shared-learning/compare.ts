import { ascending, type Interval, intervalOf, percentile } from '@firstword/turn/statistics';

/** The times of two arms for the same question, ms. */
export interface Pair {
  question: string;
  ms: number;
  referenceMs: number;
}

/** A figure with its 95 % interval. */
export interface Figure extends Interval {
  value: number;
}

/** How a percentile of one arm compares with that of the other; questions are resampled together. */
export function comparePercentiles(
  pairs: readonly Pair[],
  percent: number,
  how: (ms: number, referenceMs: number) => number,
): Figure {
  const statistic = (drawn: readonly Pair[]) =>
    how(
      percentile(ascending(drawn.map(({ ms }) => ms)), percent),
      percentile(ascending(drawn.map(({ referenceMs }) => referenceMs)), percent),
    );
  const interval = intervalOf(pairs, ({ question }) => question, statistic, { resamples: 400 });
  return { value: statistic(pairs), low: interval?.low ?? Number.NaN, high: interval?.high ?? Number.NaN };
}

/** `1.02 (0.97 to 1.08)`. */
export const figureText = ({ value, low, high }: Figure, digits = 2): string =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
