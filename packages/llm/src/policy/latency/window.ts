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
  #sorted: number[] | undefined;

  get count(): number {
    return this.#samples.length;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
    this.#sorted = undefined;
  }

  /** Nearest-rank quantile, ms; right up to the shortest censored sample, a lower bound beyond it. */
  quantile(q: number): number | undefined {
    if (this.#samples.length === 0) return undefined;
    this.#sorted ??= this.#samples.map(({ ms }) => ms).sort((a, b) => a - b);
    const rank = Math.ceil(Math.min(1, Math.max(0, q)) * this.#sorted.length);
    return this.#sorted[Math.max(0, rank - 1)];
  }

  /** The last `n`, oldest first. */
  recent(n: number): Sample[] {
    return this.#samples.slice(-n);
  }
}
