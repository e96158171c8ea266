/** Numbers of one kind, as many as come, without an object for each. */
export class Growing<T extends Float64Array | Int32Array | Uint8Array> {
  readonly #make: (length: number) => T;
  #values: T;
  #length = 0;

  /** @param make such as `(length) => new Float64Array(length)` */
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(16);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(Math.ceil(this.#length * 1.5));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** Takes the last value off. */
  pop(): void {
    this.#length -= 1;
  }

  /** What was pushed: a view until the next `push`, which may move it. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}

/** An empty list of doubles. */
export const growingDoubles = (): Growing<Float64Array> => new Growing((length) => new Float64Array(length));
/** An empty list of 32-bit integers. */
export const growingIntegers = (): Growing<Int32Array> => new Growing((length) => new Int32Array(length));
/** An empty list of bytes. */
export const growingBytes = (): Growing<Uint8Array> => new Growing((length) => new Uint8Array(length));
