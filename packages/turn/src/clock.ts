/** A monotonic clock with timers. It is injected wherever time is needed, so that tests do not have to wait. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin; never goes backwards. */
  nowMs(): number;
  /** Wall time in Unix milliseconds. Only for export: never use it to measure a duration. */
  wallMs(): number;
  /** Runs `fn` once after `delayMs`, at once where that is negative; the returned function cancels it. */
  schedule(delayMs: number, fn: () => void): () => void;
}

/** Node fires a timer that is longer than this, or infinite, at once, ms (24.8 days). */
const LONGEST_MS = 2 ** 31 - 1;

/** The process clock: `performance.now()` and real timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  schedule(delayMs, fn) {
    const timer = setTimeout(fn, Math.min(Math.max(0, delayMs), LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** Converts a wall time in Unix ms to monotonic ms. Wrong if the wall clock has been set since then. */
export function wallToMonotonicMs(clock: Clock, wallMs: number): number {
  return clock.nowMs() - (clock.wallMs() - wallMs);
}

/** A clock for tests. Its time changes only by `advance`. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #wallOffsetMs: number;
  #timers: { atMs: number; fn: () => void }[] = [];

  constructor(options: { nowMs?: number; wallMs?: number } = {}) {
    this.#nowMs = options.nowMs ?? 0;
    this.#wallOffsetMs = (options.wallMs ?? 0) - this.#nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  schedule(delayMs: number, fn: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }

  /** Number of timers that have not fired. Tests check it for leaks. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Advances the time, ms. Timers that become due fire in order, each at its own time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#timers.filter((t) => t.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((t) => t !== next);
      this.#nowMs = next.atMs;
      next.fn();
    }
    this.#nowMs = untilMs;
  }
}
