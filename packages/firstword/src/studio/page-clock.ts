/**
 * Offsets older than this are dropped, ms, so that the estimate follows a drifting audio clock and one that fell behind
 * because the audio thread was starved. Messages arrive at least once a second.
 */
const MEMORY_MS = 5000;

/**
 * Converts times of the page's audio clock to this process's clock. Every message carries a page time; the fastest
 * message gives the best offset, so the smallest recent offset is used.
 */
export class PageClock {
  #samples: { atMs: number; offsetMs: number }[] = [];

  /**
   * Records the arrival of a message.
   * @param pageMs page time at which the message was created
   * @param nowMs time of this process at which it arrived
   */
  addSample(pageMs: number, nowMs: number): void {
    const offsetMs = nowMs - pageMs;
    // A jump means that the clock was reset (page reload, new audio context): earlier offsets no longer apply.
    if (this.#samples.length > 0 && Math.abs(offsetMs - this.offsetMs!) > 2000) this.#samples = [];
    this.#samples = this.#samples.filter((s) => s.atMs > nowMs - MEMORY_MS && s.offsetMs < offsetMs);
    this.#samples.push({ atMs: nowMs, offsetMs });
  }

  /** Best known offset, ms; `undefined` before the first message. */
  get offsetMs(): number | undefined {
    return this.#samples[0]?.offsetMs;
  }

  /** Converts a page time to this process's clock, ms; `undefined` before the first message. */
  toLocal(pageMs: number): number | undefined {
    const { offsetMs } = this;
    return offsetMs === undefined ? undefined : pageMs + offsetMs;
  }
}
