import { join } from './pause-trimmer.js';

/**
 * Cuts audio into frames of equal length. The first frame is returned as soon as it is full. After that at least one sample
 * is always held back, so that the last frame can be marked as final.
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
    const all = join([this.#rest, samples]);
    const frames: Int16Array[] = [];
    let at = 0;
    while (all.length - at >= this.#frameSamples + (this.#isFirst ? 0 : 1)) {
      frames.push(all.slice(at, at + this.#frameSamples));
      at += this.#frameSamples;
      this.#isFirst = false;
    }
    this.#rest = all.slice(at);
    return frames;
  }

  /** The last frame, which may be short; `undefined` if nothing is left. */
  end(): Int16Array | undefined {
    const last = this.#rest.length > 0 ? this.#rest : undefined;
    this.#rest = new Int16Array(0);
    return last;
  }
}
