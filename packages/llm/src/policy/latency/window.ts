import { productLimit, productLimitWithTail } from './product-limit.js';
import { SortedTimes } from './sorted-times.js';

/** One time to first content. `censored`: it was not seen, the request was given up after `ms`; it was at least that. */
export interface LatencySample {
  ms: number;
  censored: boolean;
}

/** What a request was to its caller. */
export interface RequestContext {
  /** Sent beside another one to the same model, for the same answer. */
  duplicate?: boolean;
  /** Somebody waited for it at some time; nobody does for a speculation before the commit. Default true. */
  awaited?: boolean;
  /** How long its caller had waited when it was sent, ms; default 0. */
  priorWaitMs?: number;
}

/** All that a window keeps of one request. */
export interface LatencyObservation extends LatencySample {
  /** Says something of the model's speed lately: it answered, or was beaten in a fair race. */
  informative: boolean;
  /** Another one was sooner: somebody would still wait for it. */
  lostRace: boolean;
  context: RequestContext;
}

/**
 * Enough for a steady p90, few enough to follow a provider whose day changes. Simulated: 200 make the hedge delay so
 * restless that the 99th percentile is 5 % worse; with 1,000 a provider that halves its times is hedged late for long.
 */
export const WINDOW_SIZE = 800;

/**
 * The last times to first content of one model. Requests that were given up stay in, as "at least": without them the
 * slow tail would vanish from the quantiles, and each hedge would bring on more hedges.
 */
export class LatencyWindow {
  readonly #entries: LatencyObservation[] = [];
  readonly #onObserved: (seen: LatencyObservation) => void;
  readonly #speeds = new SortedTimes();
  /** Until nobody waited any more, 0 where nobody ever did. A second request is no wait of its own: it is left out. */
  readonly #waits = new SortedTimes();
  #informative = 0;

  /**
   * @param options.known what has been seen before, oldest first
   * @param options.onObserved told of each request from now on
   */
  constructor(
    options: {
      history?: readonly LatencyObservation[] | undefined;
      onObserved?: (seen: LatencyObservation) => void;
    } = {},
  ) {
    for (const seen of options.history ?? []) this.#keep(seen);
    this.#onObserved = options.onObserved ?? (() => {});
  }

  /** Answers and lost races. */
  get count(): number {
    return this.#informative;
  }

  add(sample: LatencySample, context: RequestContext = {}): void {
    this.#push({ ...sample, informative: true, lostRace: sample.censored, context });
  }

  /** A request that another one beat unfairly, after `ms`: it bears on the quantiles only. */
  addUnfairLoss(ms: number, context: RequestContext = {}): void {
    this.#push({ ms, censored: true, informative: false, lostRace: true, context });
  }

  /** A request whose caller went away after `ms`, such as a superseded speculation: neither slow nor waited for. */
  addAbandoned(ms: number, context: RequestContext = {}): void {
    this.#push({ ms, censored: true, informative: false, lostRace: false, context });
  }

  /** `productLimit`, ms; the longest wait where that cannot tell. `undefined` when nothing is history. */
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
  recent(n: number): LatencySample[] {
    const found: LatencySample[] = [];
    for (let i = this.#entries.length - 1; i >= 0 && found.length < n; i -= 1) {
      const { ms, censored, informative } = this.#entries[i]!;
      if (informative) found.unshift({ ms, censored });
    }
    return found;
  }

  #push(seen: LatencyObservation): void {
    this.#keep(seen);
    this.#onObserved(seen);
  }

  #keep(entry: LatencyObservation): void {
    this.#entries.push(entry);
    this.#speeds.add(entry.ms, entry.censored);
    const wait = waitOf(entry);
    if (wait) this.#waits.add(wait.ms, wait.lostRace);
    if (entry.informative) this.#informative += 1;
    if (this.#entries.length > WINDOW_SIZE) this.#drop(this.#entries.shift()!);
  }

  #drop(entry: LatencyObservation): void {
    this.#speeds.remove(entry.ms, entry.censored);
    const wait = waitOf(entry);
    if (wait) this.#waits.remove(wait.ms, wait.lostRace);
    if (entry.informative) this.#informative -= 1;
  }
}

function waitOf({
  ms,
  lostRace,
  context,
}: LatencyObservation): { ms: number; lostRace: boolean } | undefined {
  const { duplicate, awaited = true, priorWaitMs = 0 } = context;
  if (duplicate) return undefined;
  return awaited ? { ms: Math.max(0, priorWaitMs + ms), lostRace } : { ms: 0, lostRace: false };
}
