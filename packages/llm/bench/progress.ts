/** Prints on standard error what is running and about how long it will take; on a terminal it rewrites one line. */
export class BenchProgress {
  readonly #names: string[];
  readonly #seconds: number[];
  readonly #live = process.stderr.isTTY;
  #at = 0;
  #startedMs = 0;
  #shownMs = 0;

  constructor(names: string[], seconds: number[]) {
    this.#names = names;
    this.#seconds = seconds;
  }

  /** Starts the bench with this index. */
  begin(at: number): void {
    this.#at = at;
    this.#startedMs = performance.now();
    this.#shownMs = Number.NEGATIVE_INFINITY;
    console.log(`\n${this.#names[at]}`);
    this.show(0);
  }

  /**
   * Shows the progress.
   * @param share completed part of the current bench, 0 to 1
   */
  show(share: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < (this.#live ? 500 : 20_000)) return;
    this.#shownMs = nowMs;
    const line = `  [${this.#at + 1}/${this.#names.length}] ${this.#names[this.#at]} ${(100 * Math.min(1, share)).toFixed(0)} %, about ${this.#left(share)} left`;
    process.stderr.write(this.#live ? `\r${line}\u001b[K` : `${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#live) process.stderr.write('\r\u001b[K');
  }

  #left(share: number): string {
    const spent = (performance.now() - this.#startedMs) / 1_000;
    // The prepared estimate, until the bench has run long enough to extrapolate.
    const own = share > 0.2 ? (spent / share) * (1 - share) : Math.max(0, this.#seconds[this.#at]! - spent);
    const later = this.#seconds.slice(this.#at + 1).reduce((sum, seconds) => sum + seconds, 0);
    const left = own + later;
    return left < 90 ? `${left.toFixed(0)} s` : `${(left / 60).toFixed(0)} min`;
  }
}
