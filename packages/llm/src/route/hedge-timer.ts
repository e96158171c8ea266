import type { Clock } from '@firstword/turn';
import type { RequestContext } from '../policy/latency/window.js';
import type { Attempt } from './attempt.js';

/** A longer wait than this is implausible: the reported start belongs to an earlier turn, ms. */
const MAX_PRIOR_WAIT_MS = 10_000;

/** Times the hedges of one answer. Tracks whether a caller is waiting and since when. */
export class HedgeTimer {
  readonly #clock: Clock;
  readonly #delayMs: (attempt: Attempt, priorWaitMs: number) => number;
  readonly #onDue: (attempt: Attempt) => void;
  readonly #timers = new Map<Attempt, () => void>();
  #awaited = true;
  #wasAwaited = false;
  /** How long the caller had waited when the first request was sent, ms; `undefined` until it is known. */
  #priorWaitMs: number | undefined;
  /** The attempt whose hedge came due while no caller was waiting. */
  #overdue: Attempt | undefined;

  /**
   * @param options.delayMs hedge delay of an attempt, ms
   * @param options.onDue called when an attempt should be hedged
   */
  constructor(options: {
    clock: Clock;
    delayMs: (attempt: Attempt, priorWaitMs: number) => number;
    onDue: (attempt: Attempt) => void;
  }) {
    this.#clock = options.clock;
    this.#delayMs = options.delayMs;
    this.#onDue = options.onDue;
  }

  /** Recorded with the latency of each attempt. */
  get context(): RequestContext {
    return { awaited: this.#wasAwaited, priorWaitMs: this.#priorWaitMs ?? 0 };
  }

  /** No caller is waiting: a hedge that comes due is deferred until one is. */
  setUnawaited(): void {
    this.#awaited = false;
  }

  /**
   * A caller is waiting, since `sinceMs`; this may bring the hedge forward or push it back. Returns the attempt whose
   * hedge must be scheduled again.
   */
  setAwaited(first: Attempt, sinceMs: number | undefined): Attempt | undefined {
    this.#awaited = true;
    this.#wasAwaited = true;
    const due = this.#overdue;
    this.#overdue = undefined;
    if (sinceMs === undefined || this.#priorWaitMs !== undefined) return due;
    const priorWaitMs = first.startedMs - Math.min(sinceMs, this.#clock.nowMs());
    if (!(priorWaitMs <= MAX_PRIOR_WAIT_MS)) return due;
    this.#priorWaitMs = priorWaitMs;
    return due ?? first;
  }

  /** Schedules the hedge of an attempt; it may be due at once. */
  schedule(attempt: Attempt): void {
    this.#timers.get(attempt)?.();
    const dueMs = attempt.startedMs + this.#delayMs(attempt, this.#priorWaitMs ?? 0);
    const stop = this.#clock.schedule(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      if (this.#awaited) this.#onDue(attempt);
      else if (attempt.active && !attempt.hasContent) this.#overdue = attempt;
    });
    this.#timers.set(attempt, stop);
  }

  /** Cancels all timers. */
  stop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
