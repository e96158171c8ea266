/** How long an estimate is used before a new one replaces it, ms. Two clocks drift by less than 1 ms in that time. */
const WINDOW_MS = 10_000;

/**
 * Estimates the audio clock on the page's thread. Messages from the audio thread arrive late, never early, so the largest
 * offset seen in the last seconds is the most accurate one.
 */
export class AudioClock {
  #offsetMs: number | undefined;
  #candidateMs: number | undefined;
  #windowStartedMs = 0;

  /**
   * Adds an observation.
   * @param pageMs `performance.now()` when the message arrived
   * @param audioMs audio clock time in the message, ms
   */
  observe(pageMs: number, audioMs: number): void {
    const offsetMs = audioMs - pageMs;
    if (this.#offsetMs === undefined || offsetMs > this.#offsetMs) this.#offsetMs = offsetMs;
    if (this.#candidateMs === undefined || offsetMs > this.#candidateMs) this.#candidateMs = offsetMs;
    if (pageMs - this.#windowStartedMs < WINDOW_MS) return;
    this.#offsetMs = this.#candidateMs;
    this.#candidateMs = undefined;
    this.#windowStartedMs = pageMs;
  }

  /** The audio clock at a page time, ms; `undefined` before the first observation. */
  atMs(pageMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : pageMs + this.#offsetMs;
  }
}
