import {
  ascending,
  type Interval,
  percentile,
  percentileInterval,
  resamplesOf,
  seededRandom,
} from '@firstword/turn/statistics';

/** A statistic with its 95 % bootstrap interval. */
export interface BootstrapInterval extends Interval {
  value: number;
}

/** A percentile of values in any order. @param percent 0 to 100 */
export const percentileOf = (values: Iterable<number>, percent: number) =>
  percentile(ascending(values), percent);

/**
 * A statistic of several arms with its 95 % bootstrap interval. `paired`: samples with the same index belong together
 * (the same turn, asked at the same moment) and are drawn together.
 */
export function interval(
  arms: number[][],
  statistic: (arms: Iterable<number>[]) => number,
  options: { paired?: boolean } = {},
): BootstrapInterval {
  const random = seededRandom(1);
  const draw = (size: number) => Uint32Array.from({ length: size }, () => random.integer(0, size - 1));
  const largest = Math.max(...arms.map(({ length }) => length));
  const resampled = Array.from({ length: resamplesOf(largest) }, () => {
    const shared = options.paired ? draw(arms[0]!.length) : undefined;
    return statistic(
      arms.map((values) => Float64Array.from(shared ?? draw(values.length), (index) => values[index]!)),
    );
  });
  return { value: statistic(arms), ...percentileInterval(resampled) };
}

/** A percentile with its interval. */
export const estimate = (values: number[], percent: number) =>
  interval([values], ([all]) => percentileOf(all!, percent));

/** The ratio of one arm's percentile to another's. */
export const ratio = (arm: number[], base: number[], percent: number, options: { paired?: boolean } = {}) =>
  interval([arm, base], ([a, b]) => percentileOf(a!, percent) / percentileOf(b!, percent), options);

/** What one arm's percentile adds to another's. */
export const added = (arm: number[], base: number[], percent: number) =>
  interval([arm, base], ([a, b]) => percentileOf(a!, percent) - percentileOf(b!, percent));

/** Formats a value with its interval. */
export function show({ value, low, high }: BootstrapInterval, digits: number): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
}
