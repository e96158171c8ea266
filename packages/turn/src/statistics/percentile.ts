/** The values in ascending order, in a new array. */
export function ascending(values: Iterable<number>): number[] {
  // A typed array sorts numbers without a comparison function, in a third of the time that sorting with one takes.
  return [...Float64Array.from(values).sort()];
}

/**
 * The value below which `percent` % of the values lie, interpolated between the two nearest values: rank
 * (n − 1)·percent/100 from 0 (type 7 of Hyndman and Fan, The American Statistician 50(4), 1996; the default of NumPy and
 * of spreadsheets).
 * @param sorted ascending, at least one value; without any the result is not a number
 * @param percent 0 to 100
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}

/**
 * The 50th percentile of values in any order: the middle one, or the mean of the two in the middle.
 * @returns `undefined` for no values
 */
export function median(values: Iterable<number>): number | undefined {
  const sorted = ascending(values);
  return sorted.length === 0 ? undefined : percentile(sorted, 50);
}

/** The mean; not a number for no values. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
