/** Divides speakers into folds for a cross-validation. @returns the fold of each speaker, from 0 */
export function foldsOf(speakers: Iterable<string>, count: number): ReadonlyMap<string, number> {
  return new Map([...new Set(speakers)].sort().map((speaker, i) => [speaker, i % count]));
}
