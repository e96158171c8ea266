/** One time to first content. `censored`: it was not seen, the request was given up after `ms`; it was at least that. */
export interface Sample {
  ms: number;
  censored: boolean;
}

/** Enough for a steady p90, few enough to follow a provider whose day changes. */
const KEPT = 200;

/**
 * The last times to first content of one model. Requests that lost a race stay in, as "at least": without them the
 * slow tail would vanish from the quantiles, and each hedge would bring on more hedges.
 */
export class LatencyWindow {
  #samples: Sample[] = [];
  /** The same times in ascending order, kept so on every change: each request asks for a quantile. */
  readonly #sorted: number[] = [];

  get count(): number {
    return this.#samples.length;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    this.#sorted.splice(this.#rankOf(sample.ms), 0, sample.ms);
    if (this.#samples.length > KEPT) this.#sorted.splice(this.#rankOf(this.#samples.shift()!.ms), 1);
  }

  /** Nearest-rank quantile, ms; right up to the shortest censored sample, a lower bound beyond it. */
  quantile(q: number): number | undefined {
    if (this.#samples.length === 0) return undefined;
    const rank = Math.ceil(Math.min(1, Math.max(0, q)) * this.#sorted.length);
    return this.#sorted[Math.max(0, rank - 1)];
  }

  /** How many are shorter. */
  #rankOf(ms: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last `n`, oldest first. */
  recent(n: number): Sample[] {
    return this.#samples.slice(-n);
  }
}
