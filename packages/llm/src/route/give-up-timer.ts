import { scheduleAfterReads } from '../stream/schedule-after-reads.js';
import type { Attempt } from './attempt.js';
import type { RouteSettings } from './settings.js';

/** A timer that fires this much too late shows that the event loop was blocked, ms. */
const BLOCKED_MS = 50;

/** Bounds how long a caller waits for the first content of all attempts together. */
export class GiveUpTimer {
  readonly #settings: RouteSettings;
  readonly #onPassed: () => void;
  #cancel: (() => void) | undefined;
  /** The wait was made longer because the event loop was blocked. That happens once. */
  #extended = false;

  /** @param options.onPassed called when `giveUpAfterMs` has passed and no attempt is alive */
  constructor(options: { settings: RouteSettings; onPassed: () => void }) {
    this.#settings = options.settings;
    this.#onPassed = options.onPassed;
  }

  /** Starts the wait, or starts it again. `attempts` may grow meanwhile. */
  start(attempts: readonly Attempt[]): void {
    this.#extended = false;
    this.#checkIn(this.#settings.giveUpAfterMs, attempts);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /**
   * An attempt that has started, or sent something, within the first-content deadline is waited for. If the timer fires
   * late, the event loop was blocked: the backups, whose timers were late too, get the time of one deadline.
   */
  #checkIn(delayMs: number, attempts: readonly Attempt[]): void {
    const { clock, firstContentDeadlineMs } = this.#settings;
    const dueMs = clock.nowMs() + delayMs;
    this.stop();
    this.#cancel = scheduleAfterReads(clock, delayMs, () => {
      const nowMs = clock.nowMs();
      const racing = attempts.filter((attempt) => attempt.racing);
      const aliveMs = racing.map(({ activeMs, startedMs }) => activeMs ?? startedMs);
      const wasBlocked = !this.#extended && nowMs - dueMs > BLOCKED_MS;
      this.#extended ||= wasBlocked;
      const leftMs = (wasBlocked ? nowMs : Math.max(...aliveMs)) + firstContentDeadlineMs - nowMs;
      if (leftMs > 0) this.#checkIn(leftMs, attempts);
      else this.#onPassed();
    });
  }
}
