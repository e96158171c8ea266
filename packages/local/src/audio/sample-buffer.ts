/**
 * Keeps the recent part of an audio stream. Samples are addressed by their position since the stream began. Memory
 * depends on how much is kept, not on the length of the call.
 */
export class SampleBuffer {
  #buffer = new Int16Array(16_384);
  #start = 0;
  #end = 0;

  /** Position of the oldest sample still held. */
  get start(): number {
    return this.#start;
  }

  /** Position just after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** Appends samples. */
  push(samples: Int16Array): void {
    const held = this.#end - this.#start;
    const needed = held + samples.length;
    if (needed > this.#buffer.length) {
      const larger = new Int16Array(2 ** Math.ceil(Math.log2(needed)));
      larger.set(this.#buffer.subarray(0, held));
      this.#buffer = larger;
    }
    this.#buffer.set(samples, held);
    this.#end += samples.length;
  }

  /** A copy of the held samples between two positions. */
  slice(from: number, to: number = this.#end): Int16Array {
    return this.#buffer.slice(Math.max(0, from - this.#start), Math.max(0, to - this.#start));
  }

  /** Drops all samples before a position. */
  dropBefore(place: number): void {
    const drop = Math.min(place, this.#end) - this.#start;
    if (drop <= 0) return;
    const kept = this.#end - this.#start - drop;
    this.#buffer.copyWithin(0, drop, drop + kept);
    this.#start += drop;
    // Free the memory after a long utterance.
    if (this.#buffer.length > 65_536 && kept * 4 < this.#buffer.length) {
      this.#buffer = this.#buffer.slice(0, Math.max(16_384, kept * 2));
    }
  }
}
