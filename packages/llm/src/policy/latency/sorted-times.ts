/** Times that requests have taken, ascending, ms: kept so on every change, for each request asks for a quantile. */
export class SortedTimes {
  readonly times: number[] = [];
  /** Whether the time of that index is that of a request given up; of equal times these come last. */
  readonly censored: boolean[] = [];

  add(ms: number, censored: boolean): void {
    const at = this.#rankOf(ms, censored);
    this.times.splice(at, 0, ms);
    this.censored.splice(at, 0, censored);
  }

  /** One that was added. */
  remove(ms: number, censored: boolean): void {
    const at = this.#rankOf(ms, censored);
    this.times.splice(at, 1);
    this.censored.splice(at, 1);
  }

  /** How many come before it: shorter ones, and of equal ones those that were seen. */
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
