/** Converts float samples to 16-bit PCM; values outside −1 to 1 are clipped. */
export function toPcm16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32_767));
}

/** Converts 16-bit PCM to float samples, −1 to 1. */
export function fromPcm16(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (x) => x / 32_768);
}

/** Root mean square of a block, 0 (silence) to 1 (full scale). */
export function rmsOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const x of samples) sum += x * x;
  return Math.sqrt(sum / samples.length);
}

/** Lowest level that a meter shows, dBFS: about that of a quiet room. */
const FLOOR_DB = -60;

/** The level of an RMS value on a meter, 0 to 1, on a decibel scale. */
export function meterShare(rms: number): number {
  if (rms <= 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.max(0, Math.min(1, 1 - db / FLOOR_DB));
}
