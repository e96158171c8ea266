/** Request times in ascending order, ms. Kept sorted on every change, because every request reads a quantile. */
export class SortedTimes {
  readonly times: number[] = [];
  /** Whether the request at that index was cancelled; among equal times these come last. */
  readonly censored: boolean[] = [];

  /** Inserts a time. */
  add(ms: number, censored: boolean): void {
    const at = this.#rankOf(ms, censored);
    this.times.splice(at, 0, ms);
    this.censored.splice(at, 0, censored);
  }

  /** Removes a time that was added. */
  remove(ms: number, censored: boolean): void {
    const at = this.#rankOf(ms, censored);
    this.times.splice(at, 1);
    this.censored.splice(at, 1);
  }

  /** Index of an entry: the number of shorter times and, if the entry was cancelled, also of equal times that were not. */
  #rankOf(ms: number, censored: boolean): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const time = this.times[middle]!;
      if (time < ms || (time === ms && censored && !this.censored[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
