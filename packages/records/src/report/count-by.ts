/** How often each value occurs, the most frequent first. */
export function countBy<T>(
  values: readonly T[],
  keyOf: (value: T) => string = String,
): { value: T; turns: number }[] {
  const counts = new Map<string, { value: T; turns: number }>();
  for (const value of values) {
    const count = counts.get(keyOf(value)) ?? { value, turns: 0 };
    count.turns += 1;
    counts.set(keyOf(value), count);
  }
  return [...counts.values()].sort((a, b) => b.turns - a.turns);
}
