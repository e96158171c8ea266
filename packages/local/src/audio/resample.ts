import { FirstwordError } from '@firstword/turn';

/** Zero crossings of the sinc kept on either side: long enough for a narrow transition, short enough to be cheap. */
const ZERO_CROSSINGS = 16;
/** Kaiser window shape; 8 puts the stopband near −80 dB (Kaiser 1974: A = β/0.1102 + 8.7), below 16-bit speech. */
const KAISER_BETA = 8;
/** The passband ends just under half the lower rate, so that the transition does not fold back. */
const ROLL_OFF = 0.94;
/** Limits the table to a few megabytes. No common pair of rates needs more phases. */
const MAX_PHASES = 1_024;

interface Kernel {
  /** Output samples per `stepIn` input samples. */
  phases: number;
  stepIn: number;
  half: number;
  /** One row of `2 × half` taps per phase, each row summing to 1, so that constant input stays constant. */
  rows: Float32Array[];
}

const kernels = new Map<string, Kernel>();

/**
 * Changes the sample rate of one whole clip with a polyphase windowed-sinc filter: no aliasing, no delay, the
 * same duration to within one sample. Not for streams: joins between separately resampled clips are not seamless.
 *
 * @throws FirstwordError `bad_input` for rates that are not positive integers or whose ratio is not a simple one.
 */
export function resample(samples: Int16Array, rates: { fromHz: number; toHz: number }): Int16Array {
  const { fromHz, toHz } = rates;
  const { phases, stepIn, half, rows } = kernelFor(fromHz, toHz);
  if (fromHz === toHz) return samples.slice();
  const out = new Int16Array(Math.round((samples.length * toHz) / fromHz));
  for (let n = 0; n < out.length; n++) {
    const position = n * stepIn;
    const row = rows[position % phases]!;
    const first = Math.floor(position / phases) - half + 1;
    const from = Math.max(0, -first);
    const to = Math.min(row.length, samples.length - first);
    let sum = 0;
    for (let k = from; k < to; k++) sum += row[k]! * samples[first + k]!;
    out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return out;
}

function kernelFor(fromHz: number, toHz: number): Kernel {
  const key = `${fromHz}:${toHz}`;
  const known = kernels.get(key);
  if (known) return known;
  if (![fromHz, toHz].every((rate) => Number.isInteger(rate) && rate > 0)) {
    throw new FirstwordError(
      'bad_input',
      `Cannot resample from ${fromHz} to ${toHz} Hz: use positive whole rates.`,
    );
  }
  const divisor = gcd(fromHz, toHz);
  const phases = toHz / divisor;
  if (phases > MAX_PHASES) {
    const advice = 'use a common rate such as 8000, 16000, 24000 or 48000';
    throw new FirstwordError(
      'bad_input',
      `Resampling from ${fromHz} to ${toHz} Hz is not supported: ${advice}.`,
    );
  }
  const cutoff = Math.min(1, toHz / fromHz) * ROLL_OFF;
  const half = Math.ceil(ZERO_CROSSINGS / cutoff);
  const rows = Array.from({ length: phases }, (_, phase) =>
    kernelRow({ offset: phase / phases, half, cutoff }),
  );
  const kernel = { phases, stepIn: fromHz / divisor, half, rows };
  kernels.set(key, kernel);
  return kernel;
}

function kernelRow({ offset, half, cutoff }: { offset: number; half: number; cutoff: number }): Float32Array {
  const taps = Array.from({ length: 2 * half }, (_, k) => {
    const x = k - half + 1 - offset;
    return sinc(x * cutoff) * kaiser(x / half);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
