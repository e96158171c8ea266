import { scheduleAfterReads } from '../stream/schedule-after-reads.js';
import type { Attempt } from './attempt.js';
import type { RouteSettings } from './settings.js';

/** Bounds how long a caller waits for the first content of all attempts together. */
export class GiveUpTimer {
  readonly #settings: RouteSettings;
  readonly #onPassed: () => void;
  #cancel: (() => void) | undefined;

  /** @param options.onPassed called when `giveUpAfterMs` has passed and no attempt is alive */
  constructor(options: { settings: RouteSettings; onPassed: () => void }) {
    this.#settings = options.settings;
    this.#onPassed = options.onPassed;
  }

  /** Starts the wait, or starts it again. `attempts` may grow meanwhile. */
  start(attempts: readonly Attempt[]): void {
    this.#checkIn(this.#settings.giveUpAfterMs, attempts);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** An attempt that has sent something within the first-content deadline is alive, and is waited for. */
  #checkIn(delayMs: number, attempts: readonly Attempt[]): void {
    const { clock, firstContentDeadlineMs } = this.#settings;
    this.stop();
    this.#cancel = scheduleAfterReads(clock, delayMs, () => {
      const active = attempts.flatMap(({ racing, activeMs }) => (racing ? (activeMs ?? []) : []));
      const leftMs = Math.max(...active) + firstContentDeadlineMs - clock.nowMs();
      if (leftMs > 0) this.#checkIn(leftMs, attempts);
      else this.#onPassed();
    });
  }
}
