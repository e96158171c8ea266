/** Weight of the newest interval: roughly the last five intervals count. */
const ALPHA = 0.3;

/** Measures how often an STT engine sends interim transcripts. */
export class InterimInterval {
  #lastMs: number | undefined;
  #usualMs: number | undefined;

  /** Moving average of the time between two interims, ms; `undefined` before the second interim. */
  get averageMs(): number | undefined {
    return this.#usualMs;
  }

  /** Records an interim that arrived at `nowMs`. */
  record(nowMs: number): void {
    const intervalMs = this.#lastMs === undefined ? undefined : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (intervalMs === undefined) return;
    this.#usualMs =
      this.#usualMs === undefined ? intervalMs : this.#usualMs + ALPHA * (intervalMs - this.#usualMs);
  }

  /** Call this at the end of a speech segment, so that the caller's pause is not counted as an interval. */
  reset(): void {
    this.#lastMs = undefined;
  }
}
