import { join } from './pause-trimmer.js';

/**
 * Cuts audio into frames of one length. The first leaves as soon as it is full; after it there is always something
 * kept back, so that the last frame can be told from the others.
 */
export class Framer {
  readonly #frameSamples: number;
  #rest = new Int16Array(0);
  #isFirst = true;

  /** @param frameSamples length of a frame, in samples of all channels together. */
  constructor(frameSamples: number) {
    this.#frameSamples = frameSamples;
  }

  push(samples: Int16Array): Int16Array[] {
    this.#rest = join([this.#rest, samples]);
    const frames: Int16Array[] = [];
    while (
      this.#rest.length > this.#frameSamples ||
      (this.#isFirst && this.#rest.length === this.#frameSamples)
    ) {
      frames.push(this.#rest.slice(0, this.#frameSamples));
      this.#rest = this.#rest.slice(this.#frameSamples);
      this.#isFirst = false;
    }
    return frames;
  }

  /** What is left, which may be short; nothing where all has left. */
  end(): Int16Array | undefined {
    const last = this.#rest.length > 0 ? this.#rest : undefined;
    this.#rest = new Int16Array(0);
    return last;
  }
}
