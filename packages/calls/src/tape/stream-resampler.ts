import { resample } from '@firstword/local';

/** Input samples of context on either side of a block; more than the filter of `resample` needs. */
const LEAST_CONTEXT_SAMPLES = 64;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * Resamples streamed audio without discontinuities: each block is filtered together with its context, and only the block
 * itself is kept. Output sample n is n / toHz after the first input sample.
 */
export class StreamResampler {
  readonly #rates: { fromHz: number; toHz: number };
  /** Blocks are multiples of this, so that each one starts on a sample of both rates. */
  readonly #stepSamples: number;
  readonly #contextSamples: number;
  #held: Int16Array;

  constructor(rates: { fromHz: number; toHz: number }) {
    this.#rates = rates;
    this.#stepSamples = rates.fromHz / gcd(rates.fromHz, rates.toHz);
    const reach = LEAST_CONTEXT_SAMPLES * Math.max(1, rates.fromHz / rates.toHz);
    this.#contextSamples = Math.ceil(reach / this.#stepSamples) * this.#stepSamples;
    this.#held = new Int16Array(this.#contextSamples);
  }

  /** Adds samples and returns the output that is final. */
  push(samples: Int16Array): Int16Array {
    if (this.#rates.fromHz === this.#rates.toHz) return samples.slice();
    this.#held = concat(this.#held, samples);
    const ready = this.#held.length - 2 * this.#contextSamples;
    return this.#take(Math.floor(ready / this.#stepSamples) * this.#stepSamples);
  }

  /** Returns the remaining output, as if silence followed, and resets the resampler. */
  end(): Int16Array {
    if (this.#rates.fromHz === this.#rates.toHz) return new Int16Array(0);
    const restSamples = this.#held.length - this.#contextSamples;
    const wanted = Math.round((restSamples * this.#rates.toHz) / this.#rates.fromHz);
    const padded = this.push(new Int16Array(this.#contextSamples + this.#stepSamples));
    this.#held = new Int16Array(this.#contextSamples);
    return padded.subarray(0, wanted);
  }

  #take(blockSamples: number): Int16Array {
    if (blockSamples <= 0) return new Int16Array(0);
    const context = this.#contextSamples;
    const { fromHz, toHz } = this.#rates;
    const out = resample(this.#held.subarray(0, blockSamples + 2 * context), this.#rates);
    this.#held = this.#held.slice(blockSamples);
    return out.slice((context * toHz) / fromHz, ((context + blockSamples) * toHz) / fromHz);
  }
}

function concat(a: Int16Array, b: Int16Array): Int16Array {
  const both = new Int16Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
