import { productLimit, productLimitWithTail } from './product-limit.js';
import { SortedTimes } from './sorted-times.js';

/** One time to first content. `censored`: it was not seen, the request was given up after `ms`; it was at least that. */
export interface Sample {
  ms: number;
  censored: boolean;
}

/** What a request was to its caller. */
export interface Place {
  /** Sent beside another one to the same model, for the same answer. */
  second?: boolean;
  /** Somebody waited for it at some time; nobody does for a speculation before the commit. Default true. */
  awaited?: boolean;
  /** How long its caller had waited when it was sent, ms; default 0. */
  headStartMs?: number;
}

/** All that a window keeps of one request. */
export interface Observation extends Sample {
  /** Says something of the model's speed lately: it answered, or was beaten in a fair race. */
  telling: boolean;
  /** Another one was sooner: somebody would still wait for it. */
  beaten: boolean;
  place: Place;
}

/**
 * Enough for a steady p90, few enough to follow a provider whose day changes. Simulated: 200 make the hedge delay so
 * restless that the 99th percentile is 5 % worse; with 1,000 a provider that halves its times is hedged late for long.
 */
export const KEPT = 800;

/**
 * The last times to first content of one model. Requests that were given up stay in, as "at least": without them the
 * slow tail would vanish from the quantiles, and each hedge would bring on more hedges.
 */
export class LatencyWindow {
  readonly #entries: Observation[] = [];
  readonly #onObserved: (seen: Observation) => void;
  readonly #speeds = new SortedTimes();
  /** Until nobody waited any more, 0 where nobody ever did. A second request is no wait of its own: it is left out. */
  readonly #waits = new SortedTimes();
  #telling = 0;

  /**
   * @param options.known what has been seen before, oldest first
   * @param options.onObserved told of each request from now on
   */
  constructor(
    options: { known?: readonly Observation[] | undefined; onObserved?: (seen: Observation) => void } = {},
  ) {
    for (const seen of options.known ?? []) this.#keep(seen);
    this.#onObserved = options.onObserved ?? (() => {});
  }

  /** Answers and lost races. */
  get count(): number {
    return this.#telling;
  }

  add(sample: Sample, place: Place = {}): void {
    this.#push({ ...sample, telling: true, beaten: sample.censored, place });
  }

  /** A request that another one beat unfairly, after `ms`: it bears on the quantiles only. */
  leave(ms: number, place: Place = {}): void {
    this.#push({ ms, censored: true, telling: false, beaten: true, place });
  }

  /** A request whose caller went away after `ms`, such as a superseded speculation: neither slow nor waited for. */
  abandon(ms: number, place: Place = {}): void {
    this.#push({ ms, censored: true, telling: false, beaten: false, place });
  }

  /** `productLimit`, ms; the longest wait where that cannot tell. `undefined` when nothing is known. */
  quantile(q: number): number | undefined {
    const { times, censored } = this.#speeds;
    return productLimit(times, censored, q) ?? times.at(-1);
  }

  /**
   * The time after which a share `1 - q` of all callers still wait, ms: the quantile with the head starts, but that a
   * caller who went away waits no longer. Where half of the requests are abandoned early it lies far below the quantile.
   *
   * A fast second model beats all that is slower than the hedge delay, so there may be no answer beyond it to tell. The
   * longest wait would then stand for them all, and be the next delay, and so keep itself up: hence the tail.
   */
  waitQuantile(q: number): number | undefined {
    return productLimitWithTail(this.#waits.times, this.#waits.censored, q);
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

  #push(seen: Observation): void {
    this.#keep(seen);
    this.#onObserved(seen);
  }

  #keep(entry: Observation): void {
    this.#entries.push(entry);
    this.#speeds.add(entry.ms, entry.censored);
    const wait = waitOf(entry);
    if (wait) this.#waits.add(wait.ms, wait.beaten);
    if (entry.telling) this.#telling += 1;
    if (this.#entries.length > KEPT) this.#drop(this.#entries.shift()!);
  }

  #drop(entry: Observation): void {
    this.#speeds.remove(entry.ms, entry.censored);
    const wait = waitOf(entry);
    if (wait) this.#waits.remove(wait.ms, wait.beaten);
    if (entry.telling) this.#telling -= 1;
  }
}

function waitOf({ ms, beaten, place }: Observation): { ms: number; beaten: boolean } | undefined {
  const { second, awaited = true, headStartMs = 0 } = place;
  if (second) return undefined;
  return awaited ? { ms: Math.max(0, headStartMs + ms), beaten } : { ms: 0, beaten: false };
}
