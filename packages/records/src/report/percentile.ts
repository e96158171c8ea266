/**
 * The value below which `percent` % of the values lie, between two values in proportion: rank (n − 1)·percent/100
 * from 0 (type 7 of Hyndman and Fan, The American Statistician 50(4), 1996; what NumPy and spreadsheets do).
 * @param sorted ascending, at least one value
 * @param percent 0 to 100
 */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}
