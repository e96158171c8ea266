/** Size of the transform: 25 ms at 16 kHz. */
export const WINDOW = 400;
/** Bins from 0 Hz to half the sample rate. */
export const BINS = WINDOW / 2 + 1;
/** 400 = 20 × 20: two passes of 20-point sums instead of one of 400-point sums (Cooley and Tukey, 1965). */
const SIDE = 20;

const cosOf = (turns: number) => Math.cos(2 * Math.PI * turns);
const sinOf = (turns: number) => -Math.sin(2 * Math.PI * turns);
const HANN = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * cosOf(n / WINDOW));
/** Factors of the 20-point sums, at 20·k + n. */
const COS = Float64Array.from({ length: WINDOW }, (_, i) =>
  cosOf((Math.floor(i / SIDE) * (i % SIDE)) / SIDE),
);
const SIN = Float64Array.from({ length: WINDOW }, (_, i) =>
  sinOf((Math.floor(i / SIDE) * (i % SIDE)) / SIDE),
);
/** Factors between the passes, at 20·k + offset. */
const TWIDDLE_COS = Float64Array.from({ length: WINDOW }, (_, i) =>
  cosOf((Math.floor(i / SIDE) * (i % SIDE)) / WINDOW),
);
const TWIDDLE_SIN = Float64Array.from({ length: WINDOW }, (_, i) =>
  sinOf((Math.floor(i / SIDE) * (i % SIDE)) / WINDOW),
);

const column = new Float64Array(SIDE);
const real = new Float64Array(WINDOW);
const imaginary = new Float64Array(WINDOW);

function store(at: number, re: number, im: number): void {
  real[at] = re * TWIDDLE_COS[at]! - im * TWIDDLE_SIN[at]!;
  imaginary[at] = re * TWIDDLE_SIN[at]! + im * TWIDDLE_COS[at]!;
}

/** First pass: the 20-point transforms of every 20th sample, for each of 20 offsets. Samples are real, so half of each is enough. */
function transformColumns(samples: Float32Array, from: number): void {
  for (let offset = 0; offset < SIDE; offset += 1) {
    for (let n = 0, at = offset; n < SIDE; n += 1, at += SIDE) column[n] = samples[from + at]! * HANN[at]!;
    for (let k = 0; k <= SIDE / 2; k += 1) {
      let re = 0;
      let im = 0;
      for (let n = 0, i = SIDE * k; n < SIDE; n += 1, i += 1) {
        re += column[n]! * COS[i]!;
        im += column[n]! * SIN[i]!;
      }
      store(SIDE * k + offset, re, im);
      if (k > 0 && k < SIDE / 2) store(SIDE * (SIDE - k) + offset, re, -im);
    }
  }
}

/**
 * Power spectrum of the 400 samples from `from` under a Hann window.
 * @param power receives 201 values
 */
export function powerSpectrum(samples: Float32Array, from: number, power: Float64Array): void {
  transformColumns(samples, from);
  for (let bin = 0; bin < BINS; bin += 1) {
    const row = SIDE * (bin % SIDE);
    let re = 0;
    let im = 0;
    for (let n = 0, i = bin - (bin % SIDE); n < SIDE; n += 1, i += 1) {
      const a = real[row + n]!;
      const b = imaginary[row + n]!;
      re += a * COS[i]! - b * SIN[i]!;
      im += a * SIN[i]! + b * COS[i]!;
    }
    power[bin] = re * re + im * im;
  }
}
