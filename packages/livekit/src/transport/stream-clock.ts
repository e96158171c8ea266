/** Lateness, ms, that is no jitter where it lasts for `GAP_MS`: samples are missing. */
const LATE_MS = 60;
const GAP_MS = 500;
/** How much the sender's clock may run apart from this one: 100 millionths. */
const DRIFT = 1e-4;

/**
 * Says when the samples of a live stream were there, from the moments at which its frames arrive. Frames come late, and
 * never early: the earliest of them tell the time, and the samples since then count it.
 */
export class StreamClock {
  /** Moment of the stream's first sample, by the frames so far; `undefined` before any. */
  #originMs: number | undefined;
  #elapsedMs = 0;
  #lateSinceMs: number | undefined;

  /**
   * Takes in one frame.
   * @param arrivedMs when its last sample was there, at the latest
   * @returns the moment of its first sample
   */
  next(arrivedMs: number, samples: number, rateHz: number): number {
    const frameMs = (samples * 1000) / rateHz;
    const originMs = arrivedMs - this.#elapsedMs - frameMs;
    if (this.#originMs === undefined || this.#isAfterGap(arrivedMs, originMs - this.#originMs)) {
      this.#originMs = originMs;
    }
    this.#originMs = Math.min(originMs, this.#originMs + frameMs * DRIFT);
    const startMs = this.#originMs + this.#elapsedMs;
    this.#elapsedMs += frameMs;
    return startMs;
  }

  #isAfterGap(arrivedMs: number, lateMs: number): boolean {
    if (lateMs < LATE_MS) this.#lateSinceMs = undefined;
    else this.#lateSinceMs ??= arrivedMs;
    const isGap = this.#lateSinceMs !== undefined && arrivedMs - this.#lateSinceMs >= GAP_MS;
    if (isGap) this.#lateSinceMs = undefined;
    return isGap;
  }
}
