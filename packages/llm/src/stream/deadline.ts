import type { Clock } from '@firstword/turn';

/** One timer that watches the phases of a request, each from its own start. */
export class Deadline {
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #activeMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces whatever was being waited for. */
  at(atMs: number, onPassed: () => void): void {
    this.stop();
    this.#cancel = this.#clock.schedule(atMs - this.#clock.nowMs(), onPassed);
  }

  /** Fires once `touch()` has not been called for `quietMs`. One timer, however often it is touched. */
  quiet(quietMs: number, onQuiet: () => void): void {
    this.touch();
    const check = () => {
      const dueMs = this.#activeMs + quietMs;
      if (this.#clock.nowMs() >= dueMs) onQuiet();
      else this.at(dueMs, check);
    };
    this.at(this.#activeMs + quietMs, check);
  }

  touch(): void {
    this.#activeMs = this.#clock.nowMs();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
