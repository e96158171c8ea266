/**
 * Audio as it arrives, addressed by its place since the stream began, of which only the recent part is kept.
 * Memory follows what is kept, not how long the call lasts.
 */
export class SampleBuffer {
  #buffer = new Int16Array(16_384);
  #start = 0;
  #end = 0;

  /** Place of the oldest sample still held. */
  get start(): number {
    return this.#start;
  }

  /** Place just after the newest sample. */
  get end(): number {
    return this.#end;
  }

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

  /** A copy of what is held between two places. */
  slice(from: number, to: number = this.#end): Int16Array {
    return this.#buffer.slice(Math.max(0, from - this.#start), Math.max(0, to - this.#start));
  }

  /** Forgets everything before a place. */
  dropBefore(place: number): void {
    const drop = Math.min(place, this.#end) - this.#start;
    if (drop <= 0) return;
    const kept = this.#end - this.#start - drop;
    this.#buffer.copyWithin(0, drop, drop + kept);
    this.#start += drop;
    // After a long utterance, give the memory back.
    if (this.#buffer.length > 65_536 && kept * 4 < this.#buffer.length) {
      this.#buffer = this.#buffer.slice(0, Math.max(16_384, kept * 2));
    }
  }
}
