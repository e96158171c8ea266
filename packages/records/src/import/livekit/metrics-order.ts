import type { LoggedMetrics } from './logged-metrics.js';

/** Metrics with where they were read. */
export interface PlacedMetrics {
  metrics: LoggedMetrics;
  /** The call id where the log has none. */
  file: string;
  place: string;
}

/** Metrics of a call that show the order of its log. */
const SHOWING_ORDER = 6;
/** Metrics of a log with the newest first that are held, about half a kilobyte each; more are read in the order in which they stand. */
const MAX_HELD = 200_000;
/** Calls whose order is remembered. Of more, the one that was logged least recently is taken to be in order. */
const MAX_CALLS = 10_000;

interface Call {
  order: 'unknown' | 'oldest first' | 'newest first';
  held: PlacedMetrics[];
}

/** Whether no time is later than the one before it, and one is earlier. */
function isNewestFirst(held: readonly PlacedMetrics[]): boolean {
  const times = held.map(({ metrics }) => metrics.atMs);
  let isEarlier = false;
  for (const [at, time] of times.entries()) {
    const before = at === 0 ? time : times[at - 1];
    if (time === undefined || before === undefined || time > before) return false;
    if (time < before) isEarlier = true;
  }
  return isEarlier;
}

/**
 * Puts the metrics of each call in the order of time. Log services (CloudWatch, Datadog, Grafana Loki) export the newest first,
 * where an answer would seem to belong to the turn before it.
 */
export class MetricsOrder {
  readonly #calls = new Map<string, Call>();
  #held = 0;

  /** @returns the metrics that can be read now, in order */
  add(one: PlacedMetrics): readonly PlacedMetrics[] {
    const name = one.metrics.call ?? one.file;
    const call = this.#calls.get(name) ?? this.#begin(name);
    if (call.order === 'oldest first') return [one];
    call.held.push(one);
    this.#held += 1;
    if (call.order === 'newest first') return this.#held > MAX_HELD ? this.#release(call) : [];
    if (call.held.length < SHOWING_ORDER) return this.#calls.size > MAX_CALLS ? this.#release(call) : [];
    if (isNewestFirst(call.held)) {
      call.order = 'newest first';
      return [];
    }
    return this.#release(call);
  }

  #begin(name: string): Call {
    const call: Call = { order: 'unknown', held: [] };
    this.#calls.set(name, call);
    return call;
  }

  #release(call: Call): readonly PlacedMetrics[] {
    const { held } = call;
    const isReversed = isNewestFirst(held.slice(0, SHOWING_ORDER));
    call.held = [];
    call.order = 'oldest first';
    this.#held -= held.length;
    return isReversed ? held.reverse() : held;
  }

  /** The metrics that are still held. */
  finish(): readonly PlacedMetrics[] {
    return [...this.#calls.values()].flatMap((call) => this.#release(call));
  }
}
