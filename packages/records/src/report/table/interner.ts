/** Gives each distinct value an index, from 0 in the order in which they come. */
export class Interner<T> {
  readonly values: T[] = [];
  readonly #indexes = new Map<string, number>();

  /** @param key the same text for the same value */
  indexOf(key: string, make: () => T): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.values.length;
    this.#indexes.set(key, index);
    this.values.push(make());
    return index;
  }
}
