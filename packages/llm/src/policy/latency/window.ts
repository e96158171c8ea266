import { productLimit } from './product-limit.js';

/** One time to first content. `censored`: it was not seen, the request was given up after `ms`; it was at least that. */
export interface Sample {
  ms: number;
  censored: boolean;
}

interface Entry extends Sample {
  /** Says something of the model's speed lately: it answered, or was beaten in a fair race. */
  telling: boolean;
  /** Another one was sooner: somebody would still wait for it. */
  beaten: boolean;
}

/**
 * Enough for a steady p90, few enough to follow a provider whose day changes. Simulated: 200 make the hedge delay so
 * restless that the 99th percentile is 5 % worse; with 1,000 a provider that halves its times is hedged late for long.
 */
const KEPT = 800;

/**
 * The last times to first content of one model. Requests that were given up stay in, as "at least": without them the
 * slow tail would vanish from the quantiles, and each hedge would bring on more hedges.
 */
export class LatencyWindow {
  readonly #entries: Entry[] = [];
  /** The same in ascending order, kept so on every change: each request asks for a quantile. */
  readonly #times: number[] = [];
  readonly #censored: boolean[] = [];
  readonly #beaten: boolean[] = [];
  #telling = 0;

  /** Answers and lost races. */
  get count(): number {
    return this.#telling;
  }

  add(sample: Sample): void {
    this.#push({ ...sample, telling: true, beaten: sample.censored });
  }

  /** A request that another one beat unfairly, after `ms`: it bears on the quantiles only. */
  leave(ms: number): void {
    this.#push({ ms, censored: true, telling: false, beaten: true });
  }

  /** A request whose caller went away after `ms`, such as a superseded speculation: neither slow nor waited for. */
  abandon(ms: number): void {
    this.#push({ ms, censored: true, telling: false, beaten: false });
  }

  /** `productLimit`, ms; the longest wait where that cannot tell. `undefined` when nothing is known. */
  quantile(q: number): number | undefined {
    return productLimit(this.#times, this.#censored, q) ?? this.#times.at(-1);
  }

  /**
   * The time after which a share `1 - q` of all requests are still waited for, ms: the quantile, but that a caller who
   * went away waits no longer. Where half of the requests are abandoned early it lies far below the quantile.
   */
  waitQuantile(q: number): number | undefined {
    return productLimit(this.#times, this.#beaten, q) ?? this.#times.at(-1);
  }

  /** The last `n` that say something of its speed, oldest first. */
  recent(n: number): Sample[] {
    const found: Sample[] = [];
    for (let i = this.#entries.length - 1; i >= 0 && found.length < n; i -= 1) {
      const { ms, censored, telling } = this.#entries[i]!;
      if (telling) found.unshift({ ms, censored });
    }
    return found;
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    const at = this.#rankOf(entry);
    this.#times.splice(at, 0, entry.ms);
    this.#censored.splice(at, 0, entry.censored);
    this.#beaten.splice(at, 0, entry.beaten);
    if (entry.telling) this.#telling += 1;
    if (this.#entries.length > KEPT) this.#drop(this.#entries.shift()!);
  }

  #drop(entry: Entry): void {
    const at = this.#rankOf(entry);
    this.#times.splice(at, 1);
    this.#censored.splice(at, 1);
    this.#beaten.splice(at, 1);
    if (entry.telling) this.#telling -= 1;
  }

  /** How many come before it: shorter ones, and of equal ones those that were seen. */
  #rankOf({ ms, censored }: Sample): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const time = this.#times[middle]!;
      if (time < ms || (time === ms && censored && !this.#censored[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
