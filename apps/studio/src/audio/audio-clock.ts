/** How long an estimate is trusted before a fresh one replaces it, ms: two crystals drift by less than 1 ms in it. */
const WINDOW_MS = 10_000;

/**
 * The audio clock, read from the page's thread. What the audio thread says about the time is always a little old when
 * it arrives, never early, so the newest of what was said in the last seconds is the nearest to the truth.
 */
export class AudioClock {
  #offsetMs: number | undefined;
  #candidateMs: number | undefined;
  #windowStartedMs = 0;

  /** @param pageMs `performance.now()` at which the audio thread's `audioMs` arrived. */
  observe(pageMs: number, audioMs: number): void {
    const offsetMs = audioMs - pageMs;
    if (this.#offsetMs === undefined || offsetMs > this.#offsetMs) this.#offsetMs = offsetMs;
    if (this.#candidateMs === undefined || offsetMs > this.#candidateMs) this.#candidateMs = offsetMs;
    if (pageMs - this.#windowStartedMs < WINDOW_MS) return;
    this.#offsetMs = this.#candidateMs;
    this.#candidateMs = undefined;
    this.#windowStartedMs = pageMs;
  }

  /** The audio clock at a moment of the page's, ms; `undefined` before the first observation. */
  atMs(pageMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : pageMs + this.#offsetMs;
  }
}
