/** Float samples (−1 to 1, clipped beyond) as 16 bit PCM. */
export function toPcm16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32_767));
}

/** 16 bit PCM as float samples. */
export function fromPcm16(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (x) => x / 32_768);
}

/** Loudness of a block, 0 (silence) to 1 (full scale). */
export function rmsOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const x of samples) sum += x * x;
  return Math.sqrt(sum / samples.length);
}

/** Quietest level a meter shows, dBFS: a quiet room is near it. */
const FLOOR_DB = -60;

/** Loudness as a share of a meter, 0 to 1, on a decibel scale because ears hear that way. */
export function meterShare(rms: number): number {
  if (rms <= 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.max(0, Math.min(1, 1 - db / FLOOR_DB));
}
