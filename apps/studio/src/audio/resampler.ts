/** Zero crossings of the sinc on each side, at the lower of the two rates: about 60 dB of alias rejection. */
const ZERO_CROSSINGS = 12;
/** Share of the lower Nyquist band that passes: speech keeps all it has up to 7.3 kHz at 16 kHz. */
const PASS_BAND = 0.92;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** A Hann-windowed sinc, cut at `cutoff` (1 = Nyquist of the input), at `x` input samples from its middle. */
function kernel(x: number, cutoff: number, half: number): number {
  if (Math.abs(x) >= half) return 0;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
  const t = Math.PI * x * cutoff;
  return window * cutoff * (t === 0 ? 1 : Math.sin(t) / t);
}

/** One row of weights per phase, each summing to 1 so that a steady level stays exactly what it was. */
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
 * Changes the sample rate of a stream, piece by piece, with the same result however it is cut into pieces.
 * Output sample k sits exactly at input time k · fromHz / toHz, so capture times survive resampling.
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

  /** Takes input, gives what output it makes possible; the last few input samples wait for the next call. */
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

  /** Forgets what came before: the next sample pushed is the first. */
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
