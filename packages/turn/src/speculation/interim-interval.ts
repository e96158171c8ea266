/** Weight of the newest interval: about the last five count. */
const ALPHA = 0.3;

/** How often an engine tells interims. */
export class InterimInterval {
  #lastMs: number | undefined;
  #usualMs: number | undefined;

  /** The usual time from one interim to the next, ms; `undefined` before the second. */
  get averageMs(): number | undefined {
    return this.#usualMs;
  }

  /** An interim was told. */
  record(nowMs: number): void {
    const intervalMs = this.#lastMs === undefined ? undefined : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (intervalMs === undefined) return;
    this.#usualMs =
      this.#usualMs === undefined ? intervalMs : this.#usualMs + ALPHA * (intervalMs - this.#usualMs);
  }

  /** The segment is over: the time until the next one's first interim says nothing. */
  reset(): void {
    this.#lastMs = undefined;
  }
}
