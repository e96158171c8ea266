import { productLimit, productLimitWithTail } from './product-limit.js';
import { SortedTimes } from './sorted-times.js';

/** One time to first content. `censored`: the request was cancelled after `ms`, so its true time is at least that. */
export interface LatencySample {
  ms: number;
  censored: boolean;
}

/** How a request relates to the caller's wait. */
export interface RequestContext {
  /** A duplicate of a running request to the same model, for the same answer. */
  duplicate?: boolean;
  /**
   * A caller waited for it at some point; false for a speculation that was dropped before the commit. Default true.
   */
  awaited?: boolean;
  /**
   * How long the caller had waited when the request was sent, ms; negative if the caller was still speaking. Default
   * 0.
   */
  priorWaitMs?: number;
}

/** What the window stores about one request. */
export interface LatencyObservation extends LatencySample {
  /** Informative about the model's current speed: it answered, or it lost a fair race. */
  informative: boolean;
  /** Another request answered first; without it the caller would still have waited. */
  lostRace: boolean;
  context: RequestContext;
}

/**
 * Window size. Large enough for a stable p90, small enough to follow a provider whose speed changes. In simulation,
 * 200 makes the hedge delay fluctuate so much that the 99th percentile is 5 % worse; with 1,000, hedges stay late for
 * long after a provider doubles its speed.
 */
export const WINDOW_SIZE = 800;

/**
 * The latest times to first content of one model. Cancelled requests stay in as lower bounds: without them the slow
 * tail would vanish from the quantiles, and every hedge would trigger more hedges.
 */
export class LatencyWindow {
  readonly #entries: LatencyObservation[] = [];
  readonly #onObserved: (seen: LatencyObservation) => void;
  readonly #speeds = new SortedTimes();
  /** How long callers waited, 0 if no caller ever did. Duplicates are left out: they are not waits of their own. */
  readonly #waits = new SortedTimes();
  #informative = 0;

  /**
   * @param options.history earlier observations, oldest first
   * @param options.onObserved called with each new observation
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

  /** Number of informative observations: answers and fair lost races. */
  get count(): number {
    return this.#informative;
  }

  /** Adds an answer, or a fair lost race (`censored`). */
  add(sample: LatencySample, context: RequestContext = {}): void {
    this.#push({ ...sample, informative: true, lostRace: sample.censored, context });
  }

  /** Adds a request that lost after `ms` to one that had started earlier. It counts in the quantiles only. */
  addUnfairLoss(ms: number, context: RequestContext = {}): void {
    this.#push({ ms, censored: true, informative: false, lostRace: true, context });
  }

  /**
   * Adds a request that was cancelled after `ms` by its caller, such as a superseded speculation. It is neither slow
   * nor waited for.
   */
  addAbandoned(ms: number, context: RequestContext = {}): void {
    this.#push({ ms, censored: true, informative: false, lostRace: false, context });
  }

  /** Adds requests of other routers, oldest first. They are not reported to `onObserved`. */
  addFromOthers(seen: readonly LatencyObservation[]): void {
    for (const one of seen) this.#keep(one);
  }

  /** `productLimit`, ms, or the longest time where that is undefined. `undefined` without samples. */
  quantile(q: number): number | undefined {
    const { times, censored } = this.#speeds;
    return productLimit(times, censored, q) ?? times.at(-1);
  }

  /**
   * The time after which a share `1 - q` of all callers still waits, ms. Unlike the quantile, it includes the wait
   * before the request, and a caller who left no longer waits. Where half of the requests are cancelled early, it is
   * far below the quantile.
   *
   * A fast second model answers before everything slower than the hedge delay, so there may be no samples beyond it.
   * The longest wait would then become the next delay, and the delay would never come down: hence the estimated tail.
   */
  waitQuantile(q: number): number | undefined {
    return productLimitWithTail(this.#waits.times, this.#waits.censored, q);
  }

  /** The last `n` informative samples, oldest first. */
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
