import { growingDoubles } from './growing.js';

/** Whether a row is meant. */
export type RowTest = (row: number) => boolean;

/** The values of the rows that have one and pass the test, in ascending order. */
export function sortedWhere(values: Float64Array, isIn: RowTest = () => true): Float64Array {
  const found = growingDoubles();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    if (!Number.isNaN(value) && isIn(row)) found.push(value);
  }
  return found.view().sort();
}

/** How many of the first `count` rows pass the test. */
export function countWhere(count: number, isIn: RowTest): number {
  let found = 0;
  for (let row = 0; row < count; row += 1) if (isIn(row)) found += 1;
  return found;
}

/** How many rows there are of each key. */
export function countKeys(keys: ArrayLike<number>, isIn: RowTest = () => true): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < keys.length; row += 1)
    if (isIn(row)) counts.set(keys[row]!, (counts.get(keys[row]!) ?? 0) + 1);
  return counts;
}

/** Ascending; a missing text comes last. */
export function compareTexts(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}
