/** Lateness of this much, ms, for `GAP_MS` is not jitter: samples are missing. */
const LATE_MS = 60;
const GAP_MS = 500;
/** Largest drift of the sender's clock against this one: 100 ppm. */
const DRIFT = 1e-4;

/**
 * Computes capture times of a live stream's samples from the arrival times of its frames. Frames arrive late, never early:
 * the earliest frames set the origin, and the number of samples since then gives the time.
 */
export class StreamClock {
  /** Moment of the stream's first sample, by the frames so far; `undefined` before any. */
  #originMs: number | undefined;
  #elapsedMs = 0;
  #lateSinceMs: number | undefined;

  /**
   * Takes one frame.
   * @param arrivedMs when it arrived, which is no earlier than its last sample
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
