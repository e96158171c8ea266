import { resample } from '@firstword/local';
import { CALLER_RATE_HZ, type Clip } from '../caller/clips.js';

/** Sample rate of telephone audio, Hz. */
export const TELEPHONE_RATE_HZ = 8000;

/** G.711 μ-law's constants: 14-bit magnitudes with a bias of 33, in eight segments of sixteen steps. */
const BIAS = 33;
const CLIP = 8158;

/** A 16-bit sample after encoding and decoding with μ-law (ITU-T G.711). */
export function muLaw(sample: number): number {
  const magnitude = Math.min(CLIP, Math.abs(sample) >> 2) + BIAS;
  const segment = Math.floor(Math.log2(magnitude)) - 5;
  const step = (magnitude >> (segment + 1)) & 0x0f;
  const decoded = (((step << 1) + 33) << segment) - BIAS;
  return Math.sign(sample) * decoded * 4;
}

/** The audio of a line as transmitted by a telephone: band-limited to 4 kHz, with μ-law quantisation noise. */
export function throughTelephone(clip: Clip): Clip {
  const narrow = resample(clip.samples, { fromHz: CALLER_RATE_HZ, toHz: TELEPHONE_RATE_HZ });
  const coded = narrow.map(muLaw);
  return { ...clip, samples: resample(coded, { fromHz: TELEPHONE_RATE_HZ, toHz: CALLER_RATE_HZ }) };
}
