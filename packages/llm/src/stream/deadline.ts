import type { Clock } from '@firstword/turn';
import { scheduleAfterReads } from './schedule-after-reads.js';

/**
 * How long a complete answer is kept open for its `usage` and the end of its stream, ms. Both usually arrive together with
 * `finish`. Until the stream ends, the last words of the answer are not spoken.
 */
export const AFTER_FINISH_MS = 300;

/** One timer for the phases of a request; each phase has its own start. */
export class Deadline {
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #activeMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `onPassed` at `atMs`. Replaces any earlier deadline. */
  at(atMs: number, onPassed: () => void): void {
    this.stop();
    this.#cancel = scheduleAfterReads(this.#clock, atMs - this.#clock.nowMs(), onPassed);
  }

  /**
   * Calls `onQuiet` once `touch()` has not been called for `quietMs`. Uses one timer, however often `touch()` is
   * called.
   */
  quiet(quietMs: number, onQuiet: () => void): void {
    this.touch();
    // Compares with the time of the last `touch()`, not with now: the event loop may have been blocked since.
    const arm = () => {
      const armedMs = this.#activeMs;
      this.at(armedMs + quietMs, () => (this.#activeMs === armedMs ? onQuiet() : arm()));
    };
    arm();
  }

  /** Restarts the quiet period. */
  touch(): void {
    this.#activeMs = this.#clock.nowMs();
  }

  /** Cancels the timer. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
