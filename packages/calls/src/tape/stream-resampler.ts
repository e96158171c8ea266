import { resample } from '@firstword/local';

/** Input samples of context on either side of a block; the filter of `resample` reaches less far. */
const LEAST_CONTEXT_SAMPLES = 64;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * Changes the rate of audio that arrives in pieces, without seams: every block is filtered together with its
 * neighbours, and only its own middle is kept. Output sample n is at the time of n / toHz after the first input.
 */
export class StreamResampler {
  readonly #rates: { fromHz: number; toHz: number };
  /** Blocks are whole multiples of this, so that each begins on a sample of both rates. */
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

  /** Takes samples, gives those that no later sample can change. */
  push(samples: Int16Array): Int16Array {
    if (this.#rates.fromHz === this.#rates.toHz) return samples.slice();
    this.#held = concat(this.#held, samples);
    const ready = this.#held.length - 2 * this.#contextSamples;
    return this.#take(Math.floor(ready / this.#stepSamples) * this.#stepSamples);
  }

  /** The rest, as if silence followed. The resampler is then ready for new audio. */
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
