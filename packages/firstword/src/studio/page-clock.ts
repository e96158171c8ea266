/**
 * Offsets older than this are forgotten, ms: a drifting audio clock is followed, and so is one that lost time because
 * the audio thread was starved. Messages come at least once a second.
 */
const MEMORY_MS = 5000;

/**
 * Places the page's audio clock on this process's. Every message carries a page time; the one that travelled fastest
 * tells the offset best, so the smallest of the recent ones is used.
 */
export class PageClock {
  #samples: { atMs: number; offsetMs: number }[] = [];

  /** @param pageMs time on the page when the message was made; @param nowMs time here when it came. */
  saw(pageMs: number, nowMs: number): void {
    const offsetMs = nowMs - pageMs;
    // A clock that started again (the page was reloaded, or its audio context was) is a new clock.
    if (this.#samples.length > 0 && Math.abs(offsetMs - this.offsetMs!) > 2000) this.#samples = [];
    this.#samples = this.#samples.filter((s) => s.atMs > nowMs - MEMORY_MS && s.offsetMs < offsetMs);
    this.#samples.push({ atMs: nowMs, offsetMs });
  }

  /** The best offset known, ms; `undefined` before the first message. */
  get offsetMs(): number | undefined {
    return this.#samples[0]?.offsetMs;
  }

  /** A page time on this process's clock; `undefined` before the first message. */
  toLocal(pageMs: number): number | undefined {
    const { offsetMs } = this;
    return offsetMs === undefined ? undefined : pageMs + offsetMs;
  }
}
