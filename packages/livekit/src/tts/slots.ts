/** A semaphore: a fixed number of slots. */
export class Slots {
  closed = false;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Waits for a free slot. Returns false if it was closed meanwhile. */
  async enter(): Promise<boolean> {
    while (this.#free === 0 && !this.closed)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    return !this.closed;
  }

  leave(): void {
    this.#free += 1;
    this.#waiting.shift()?.();
  }

  close(): void {
    this.closed = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
