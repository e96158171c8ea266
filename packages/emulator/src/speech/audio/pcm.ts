/** Sample rate at which recognizers hear, Hz. */
export const HEARING_RATE_HZ = 16_000;

/** 16-bit little-endian PCM as samples. An odd last byte is left out. The bytes are copied, so any alignment will do. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(Math.floor(bytes.byteLength / 2));
  new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  return samples;
}

/** Samples as 16-bit little-endian PCM. */
export function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Duration of mono samples, ms. */
export function durationMs(samples: Int16Array, rateHz: number): number {
  return (samples.length * 1000) / rateHz;
}

/**
 * Changes the sample rate by linear interpolation. It does not filter, so sound above half of the lower rate folds back:
 * good enough for speech that is recognized or measured, not for listening tests.
 */
export function resampleLinear(samples: Int16Array, rates: { fromHz: number; toHz: number }): Int16Array {
  const { fromHz, toHz } = rates;
  if (fromHz === toHz) return samples;
  const out = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  const step = fromHz / toHz;
  for (let index = 0; index < out.length; index += 1) {
    const at = index * step;
    const before = Math.floor(at);
    const first = samples[before]!;
    const second = samples[before + 1] ?? first;
    out[index] = Math.round(first + (second - first) * (at - before));
  }
  return out;
}

/** Joins pieces of audio. */
export function joined(pieces: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
