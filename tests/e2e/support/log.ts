const DEFAULT_TIMEOUT_MS = 60_000;

interface Waiter<T> {
  matches(item: T): boolean;
  resolve(item: T): void;
  reject(error: Error): void;
}

/** An ordered list of items, with a way to wait for an item that matches. */
export class Log<T> {
  readonly all: T[] = [];
  #waiters: Waiter<T>[] = [];
  #ended: string | undefined;

  add(item: T): void {
    this.all.push(item);
    const ready = this.#waiters.filter((waiter) => waiter.matches(item));
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve(item);
  }

  /** Ends the log: pending and later waits for missing items fail with this reason. */
  end(why: string): void {
    this.#ended = why;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error(why));
  }

  /**
   * Waits for the first item that matches, starting at index `from` (default 0).
   * @throws if none arrives in time or the log ends; the message contains the last items
   */
  async until(
    what: string,
    matches: (item: T) => boolean,
    options: { from?: number; withinMs?: number } = {},
  ): Promise<T> {
    const known = this.all.slice(options.from ?? 0).find(matches);
    if (known !== undefined) return known;
    const withinMs = options.withinMs ?? DEFAULT_TIMEOUT_MS;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        if (this.#ended !== undefined) reject(new Error(this.#ended));
        timer = setTimeout(() => reject(new Error(`not within ${withinMs} ms`)), withinMs);
        this.#waiters.push({ matches, resolve, reject });
      });
    } catch (error) {
      const last = this.all.slice(-12).map((item) => `  ${JSON.stringify(item)?.slice(0, 400)}`);
      throw new Error(`No ${what}: ${(error as Error).message}. The last items:\n${last.join('\n')}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
