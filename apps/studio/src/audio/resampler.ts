/** Zero crossings of the sinc on each side, at the lower of the two rates. Gives about 60 dB of alias rejection. */
const ZERO_CROSSINGS = 12;
/** Passband as a fraction of the lower Nyquist frequency: up to 7.3 kHz at 16 kHz. */
const PASS_BAND = 0.92;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** A Hann-windowed sinc with `cutoff` (1 = Nyquist of the input), at `x` input samples from its centre. */
function kernel(x: number, cutoff: number, half: number): number {
  if (Math.abs(x) >= half) return 0;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
  const t = Math.PI * x * cutoff;
  return window * cutoff * (t === 0 ? 1 : Math.sin(t) / t);
}

/** One row of weights per phase. Each row sums to 1, so that a constant level is preserved exactly. */
function weightTable(phases: number, half: number, cutoff: number): Float32Array[] {
  return Array.from({ length: phases }, (_, phase) => {
    const row = Float32Array.from({ length: half * 2 }, (_, tap) =>
      kernel(tap - (half - 1) - phase / phases, cutoff, half),
    );
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((weight) => weight / sum);
  });
}

/**
 * Resamples a stream chunk by chunk; the result does not depend on the chunk sizes. Output sample k corresponds exactly to
 * input time k · fromHz / toHz, so resampling preserves capture times.
 */
export class Resampler {
  readonly #phases: number;
  readonly #step: number;
  readonly #half: number;
  readonly #weights: Float32Array[];
  #buffer: Float32Array;
  /** Index in the buffer of the input sample at or just before the next output sample. */
  #index: number;
  #phase = 0;

  constructor(options: { fromHz: number; toHz: number }) {
    const { fromHz, toHz } = options;
    const shared = gcd(fromHz, toHz);
    this.#phases = toHz / shared;
    this.#step = fromHz / shared;
    this.#half = Math.ceil(ZERO_CROSSINGS * Math.max(1, fromHz / toHz));
    this.#weights = weightTable(this.#phases, this.#half, PASS_BAND * Math.min(1, toHz / fromHz));
    this.#buffer = new Float32Array(this.#half - 1);
    this.#index = this.#half - 1;
  }

  /** Adds input and returns the output available so far; the last few input samples are kept for the next call. */
  push(input: Float32Array): Float32Array {
    const buffer = new Float32Array(this.#buffer.length + input.length);
    buffer.set(this.#buffer);
    buffer.set(input, this.#buffer.length);
    const out: number[] = [];
    while (this.#index + this.#half < buffer.length) {
      out.push(this.#sampleAt(buffer));
      this.#phase += this.#step;
      this.#index += Math.floor(this.#phase / this.#phases);
      this.#phase %= this.#phases;
    }
    const keepFrom = Math.min(buffer.length, this.#index - (this.#half - 1));
    this.#buffer = buffer.slice(keepFrom);
    this.#index -= keepFrom;
    return Float32Array.from(out);
  }

  /** Discards all input: the next sample pushed is the first one. */
  reset(): void {
    this.#buffer = new Float32Array(this.#half - 1);
    this.#index = this.#half - 1;
    this.#phase = 0;
  }

  #sampleAt(buffer: Float32Array): number {
    const weights = this.#weights[this.#phase]!;
    const first = this.#index - (this.#half - 1);
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap]! * buffer[first + tap]!;
    return sum;
  }
}
