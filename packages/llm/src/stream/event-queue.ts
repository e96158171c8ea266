/** Events from one writer to one reader. What was written before a failure is still read before it. */
export class EventQueue<T> implements AsyncIterator<T> {
  #items: T[] = [];
  #readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  #end: { error?: unknown } | undefined;
  readonly #onLeave: () => void;

  /** `onLeave` runs when the reader stops before the end. */
  constructor(options: { onLeave: () => void }) {
    this.#onLeave = options.onLeave;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  push(item: T): void {
    if (this.#end) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value: item });
    else this.#items.push(item);
  }

  end(): void {
    this.#settle({});
  }

  fail(error: unknown): void {
    this.#settle({ error });
  }

  /** Ends at once, with an error if one is given; what was not read is dropped. */
  drop(end: { error?: unknown } = {}): void {
    this.#items = [];
    this.#settle(end);
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (!this.#end) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    if (!('error' in this.#end)) return Promise.resolve({ done: true, value: undefined });
    const { error } = this.#end;
    this.#end = {};
    return Promise.reject(error);
  }

  return(): Promise<IteratorResult<T>> {
    if (!this.#end) this.#onLeave();
    this.drop();
    return Promise.resolve({ done: true, value: undefined });
  }

  #settle(end: { error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    for (const reader of this.#readers.splice(0)) {
      if ('error' in end) reader.reject(end.error);
      else reader.resolve({ done: true, value: undefined });
    }
  }
}
