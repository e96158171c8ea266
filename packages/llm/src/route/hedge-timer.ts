import type { Clock } from '@firstword/turn';
import type { RequestContext } from '../policy/latency/window.js';
import type { Attempt } from './attempt.js';

/** Who is said to have waited for longer before the request was sent is somebody else: the clock was not reset, ms. */
const MAX_PRIOR_WAIT_MS = 10_000;

/** Whether and since when somebody waits for an answer, and when its requests are to be hedged for that. */
export class HedgeTimer {
  readonly #clock: Clock;
  readonly #delayMs: (attempt: Attempt, priorWaitMs: number) => number;
  readonly #onDue: (attempt: Attempt) => void;
  readonly #timers = new Map<Attempt, () => void>();
  #awaited = true;
  #wasAwaited = false;
  /** How long the caller had waited when the first request was sent; `undefined` while nobody has told, ms. */
  #priorWaitMs: number | undefined;
  /** Came due while nobody waited. */
  #overdue: Attempt | undefined;

  /**
   * @param options.delayMs how long to wait for a request's first content
   * @param options.onDue somebody has waited for this one too long
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

  /** What the requests are to their caller. */
  get context(): RequestContext {
    return { awaited: this.#wasAwaited, priorWaitMs: this.#priorWaitMs ?? 0 };
  }

  /** Nobody waits: what comes due is kept until somebody does. */
  setUnawaited(): void {
    this.#awaited = false;
  }

  /**
   * Somebody waits, since then: by that hedges are due sooner, or later, than by the first request's own age. Returns the
   * request whose hedge is to be timed anew.
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

  /** Hedges a request once its caller has waited too long, which may be now. */
  schedule(attempt: Attempt): void {
    this.#timers.get(attempt)?.();
    const dueMs = attempt.startedMs + this.#delayMs(attempt, this.#priorWaitMs ?? 0);
    const stop = this.#clock.schedule(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      if (this.#awaited) this.#onDue(attempt);
      else if (attempt.active && !attempt.hasContent) this.#overdue = attempt;
    });
    this.#timers.set(attempt, stop);
  }

  stop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
