import type { Clock } from '@firstword/turn';

/** The timers of one session; closing them stops its work. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Monotonic ms. */
  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Runs `work` after `delayMs`; the returned function cancels it. After `close` nothing runs. */
  later(delayMs: number, work: () => void): () => void {
    if (this.#isClosed) return () => {};
    const stop = this.#clock.schedule(delayMs, () => {
      this.#pending.delete(cancel);
      work();
    });
    const cancel = () => {
      this.#pending.delete(cancel);
      stop();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  /** As `later`, at a moment of the clock. A moment that is past is now. */
  at(atMs: number, work: () => void): () => void {
    return this.later(atMs - this.nowMs(), work);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of [...this.#pending]) cancel();
  }
}
