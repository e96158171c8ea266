import type { Clock } from '@firstword/turn';
import type { Place } from '../policy/latency/window.js';
import type { Runner } from './runner.js';

/** Who is said to have waited for longer before the request was sent is somebody else: the clock was not reset, ms. */
const MOST_HEAD_START_MS = 10_000;

/** Whether and since when somebody waits for an answer, and when its requests are to be hedged for that. */
export class CallersWait {
  readonly #clock: Clock;
  readonly #delayMs: (runner: Runner, headStartMs: number) => number;
  readonly #onDue: (runner: Runner) => void;
  readonly #timers = new Map<Runner, () => void>();
  #awaited = true;
  #wasAwaited = false;
  /** How long the caller had waited when the first request was sent; `undefined` while nobody has told, ms. */
  #headStartMs: number | undefined;
  /** Came due while nobody waited. */
  #due: Runner | undefined;

  /**
   * @param options.delayMs how long to wait for a request's first content
   * @param options.onDue somebody has waited for this one too long
   */
  constructor(options: {
    clock: Clock;
    delayMs: (runner: Runner, headStartMs: number) => number;
    onDue: (runner: Runner) => void;
  }) {
    this.#clock = options.clock;
    this.#delayMs = options.delayMs;
    this.#onDue = options.onDue;
  }

  /** What the requests are to their caller. */
  get place(): Place {
    return { awaited: this.#wasAwaited, headStartMs: this.#headStartMs ?? 0 };
  }

  /** Nobody waits: what comes due is kept until somebody does. */
  unawaited(): void {
    this.#awaited = false;
  }

  /**
   * Somebody waits, since then: by that hedges are due sooner, or later, than by the first request's own age. Returns the
   * request whose hedge is to be timed anew.
   */
  awaited(first: Runner, sinceMs: number | undefined): Runner | undefined {
    this.#awaited = true;
    this.#wasAwaited = true;
    const due = this.#due;
    this.#due = undefined;
    if (sinceMs === undefined || this.#headStartMs !== undefined) return due;
    const headStartMs = first.startedMs - Math.min(sinceMs, this.#clock.nowMs());
    if (!(headStartMs <= MOST_HEAD_START_MS)) return due;
    this.#headStartMs = headStartMs;
    return due ?? first;
  }

  /** Hedges a request once its caller has waited too long, which may be now. */
  time(runner: Runner): void {
    this.#timers.get(runner)?.();
    const dueMs = runner.startedMs + this.#delayMs(runner, this.#headStartMs ?? 0);
    const stop = this.#clock.schedule(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      if (this.#awaited) this.#onDue(runner);
      else if (runner.active && !runner.hasContent) this.#due = runner;
    });
    this.#timers.set(runner, stop);
  }

  stop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
