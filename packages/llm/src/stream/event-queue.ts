/** A queue with this many unread events is full: its reader is slower than the answer. */
const FULL = 64;
/** A full queue has room again once no more than this many events are unread. */
const ROOM = 16;

/** A queue of events from one writer to one reader. Events written before a failure are read before it. */
export class EventQueue<T> implements AsyncIterator<T> {
  #items: T[] = [];
  #readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  #end: { error?: unknown } | undefined;
  readonly #onLeave: () => void;
  readonly #onFull: ((isFull: boolean) => void) | undefined;
  #full = false;

  /**
   * @param options.onLeave called when the reader stops before the end
   * @param options.onFull called when the queue becomes full, and when it has room again; a full queue still takes events
   */
  constructor(options: { onLeave: () => void; onFull?: (isFull: boolean) => void }) {
    this.#onLeave = options.onLeave;
    this.#onFull = options.onFull;
  }

  /** Whether the reader has fallen behind. */
  get full(): boolean {
    return this.#full;
  }

  /** Whether the queue has ended, in any way. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Adds an event; ignored after the end. */
  push(item: T): void {
    if (this.#end) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value: item });
    else {
      this.#items.push(item);
      if (!this.#full && this.#items.length >= FULL) this.#setFull(true);
    }
  }

  /** Ends the queue after the events that are still unread. */
  end(): void {
    this.#settle({});
  }

  /** Ends the queue with an error, after the events that are still unread. */
  fail(error: unknown): void {
    this.#settle({ error });
  }

  /** Ends the queue at once, with an error if one is given. Unread events are discarded. */
  drop(end: { error?: unknown } = {}): void {
    this.#items = [];
    if (this.#full) this.#setFull(false);
    this.#settle(end);
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (this.#full && this.#items.length <= ROOM) this.#setFull(false);
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

  #setFull(isFull: boolean): void {
    this.#full = isFull;
    this.#onFull?.(isFull);
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
