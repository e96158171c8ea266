import type { Clock } from '@firstword/turn';

/**
 * Silences after which an unsure model is asked again, ms. More silence is more evidence: on telephone calls the model tells
 * an end from a pause better at 256 and 416 ms than at 160, and the mean of its answers better than any one of them.
 */
const ASK_AGAIN_MS = [256, 416] as const;

/** Options of `PendingWait`. */
export interface PendingWaitOptions {
  clock: Clock;
  /** When the caller's last sound ended, clock, ms. */
  silentSinceMs: number;
  /** The model's probability for the audio up to now, 0 to 1; `undefined` or a rejection if it fails. */
  ask(): Promise<number | undefined>;
  /** The whole wait after the last sound, from the model's answers so far, ms. */
  waitMs(probabilities: readonly number[]): number;
  onEnd(): void;
}

/** A pause whose end is waited for. Ends the wait once, after `waitMs` of silence or on `release`. */
export class PendingWait {
  readonly #options: PendingWaitOptions;
  readonly #probabilities: number[] = [];
  #askAtMs: number[];
  #isAsking = false;
  #cancelTimer = () => {};
  #ended = false;

  constructor(options: PendingWaitOptions) {
    this.#options = options;
    const silentMs = options.clock.nowMs() - options.silentSinceMs;
    this.#askAtMs = ASK_AGAIN_MS.filter((ms) => ms > silentMs);
  }

  start(): void {
    this.#ask();
    this.look();
  }

  /** Decides again, because there is new evidence or time has passed. */
  look(): void {
    if (this.#ended) return;
    this.#cancelTimer();
    const { clock, silentSinceMs, waitMs } = this.#options;
    const silentMs = clock.nowMs() - silentSinceMs;
    const leftMs = waitMs(this.#probabilities) - silentMs;
    // Timers count whole milliseconds.
    if (leftMs < 1) {
      this.release();
      return;
    }
    if (this.#askAtMs[0] !== undefined && this.#askAtMs[0] <= silentMs && !this.#isAsking) {
      this.#askAtMs = this.#askAtMs.filter((ms) => ms > silentMs);
      this.#ask();
    }
    // While the model has not answered, its answer is what the next look waits for.
    const nextAskMs = this.#isAsking ? undefined : this.#askAtMs[0];
    const untilAskMs = (nextAskMs ?? Number.POSITIVE_INFINITY) - silentMs;
    this.#cancelTimer = clock.schedule(Math.min(leftMs, untilAskMs), () => this.look());
  }

  /** Ends the wait. */
  release(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    this.#options.onEnd();
  }

  /** Asks the model. A second question would cancel the first, so there is one at a time: a busy machine answers late. */
  #ask(): void {
    this.#isAsking = true;
    const answered = (probability?: number) => {
      this.#isAsking = false;
      if (probability !== undefined) this.#probabilities.push(probability);
      this.look();
    };
    // Without an answer, the wait stays that of an unsure one.
    this.#options.ask().then(answered, () => answered());
  }
}
