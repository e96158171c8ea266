import { BINS, powerSpectrum, WINDOW } from './spectrum.js';

/** Sample rate of the model, Hz. */
export const MODEL_RATE_HZ = 16_000;
/** The model takes 8 s of audio. */
export const MODEL_SAMPLES = 8 * MODEL_RATE_HZ;
/** Bands and frames of the spectrogram. */
export const MEL_BANDS = 80;
export const MEL_FRAMES = 800;

const HOP = 160;
const HALF_WINDOW = WINDOW / 2;
/** The model's training added this to the variance, so that silence is not divided by 0. */
const VARIANCE_FLOOR = 1e-7;
const POWER_FLOOR = 1e-10;
/** Bands are cut at this much below the loudest, in powers of ten. */
const RANGE = 8;

/** Slaney's mel scale: linear up to 1 kHz, logarithmic above. */
const BREAK_HZ = 1000;
const BREAK_MEL = 15;
const LOG_STEP = Math.log(6.4) / 27;
const hzOf = (mel: number) =>
  mel < BREAK_MEL ? (mel * 200) / 3 : BREAK_HZ * Math.exp(LOG_STEP * (mel - BREAK_MEL));
const HIGHEST_MEL = BREAK_MEL + Math.log(MODEL_RATE_HZ / 2 / BREAK_HZ) / LOG_STEP;

interface Filter {
  firstBin: number;
  weights: number[];
}

/** Triangles over the mel scale, each with area 1. */
const FILTERS: readonly Filter[] = Array.from({ length: MEL_BANDS }, (_, band) => {
  const edge = (at: number) => hzOf((HIGHEST_MEL * at) / (MEL_BANDS + 1));
  const [low, centre, high] = [edge(band), edge(band + 1), edge(band + 2)];
  const all = Array.from({ length: BINS }, (_, bin) => {
    const hz = (bin * MODEL_RATE_HZ) / WINDOW;
    return (
      (Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre))) * 2) / (high - low)
    );
  });
  const firstBin = all.findIndex((weight) => weight > 0);
  return { firstBin, weights: all.slice(firstBin).filter((weight) => weight > 0) };
});

/** 8 s ending with `audio`, silence before it, with mean 0 and variance 1, and mirrored by half a window at both ends. */
function normalized(audio: Int16Array): { samples: Float32Array; silence: number } {
  const kept = audio.subarray(Math.max(0, audio.length - MODEL_SAMPLES));
  const silence = MODEL_SAMPLES - kept.length;
  let [sum, squares] = [0, 0];
  for (const value of kept) {
    sum += value / 32_768;
    squares += (value / 32_768) ** 2;
  }
  const mean = sum / MODEL_SAMPLES;
  const scale = 1 / Math.sqrt(squares / MODEL_SAMPLES - mean * mean + VARIANCE_FLOOR);
  const samples = new Float32Array(MODEL_SAMPLES + WINDOW).fill(-mean * scale);
  for (let i = 0; i < kept.length; i += 1)
    samples[HALF_WINDOW + silence + i] = (kept[i]! / 32_768 - mean) * scale;
  for (let i = 1; i <= HALF_WINDOW; i += 1) {
    samples[HALF_WINDOW - i] = samples[HALF_WINDOW + i]!;
    samples[HALF_WINDOW + MODEL_SAMPLES - 1 + i] = samples[HALF_WINDOW + MODEL_SAMPLES - 1 - i]!;
  }
  return { samples, silence };
}

/**
 * The spectrogram that Smart Turn takes, that of OpenAI's Whisper for 8 s: 80 mel bands, 10 ms apart, in powers of ten.
 * @param audio mono, 16 kHz; the last 8 s count. Silence is put before shorter audio
 * @returns 80 rows of 800
 */
export function logMel(audio: Int16Array): Float32Array {
  const { samples, silence } = normalized(audio);
  const mel = new Float32Array(MEL_BANDS * MEL_FRAMES);
  const power = new Float64Array(BINS);
  /** All frames up to this one are in the silence, and alike. */
  const lastSilentFrame = Math.floor((silence - HALF_WINDOW) / HOP);
  let loudest = Number.NEGATIVE_INFINITY;
  for (let frame = 0; frame < MEL_FRAMES; frame += 1) {
    const isRepeated = frame > 0 && frame <= lastSilentFrame;
    if (!isRepeated) powerSpectrum(samples, frame * HOP, power);
    for (const [band, { firstBin, weights }] of FILTERS.entries()) {
      let energy = 0;
      for (let i = 0; i < weights.length; i += 1) energy += weights[i]! * power[firstBin + i]!;
      const level = Math.log10(Math.max(POWER_FLOOR, energy));
      mel[band * MEL_FRAMES + frame] = level;
      if (level > loudest) loudest = level;
    }
  }
  for (let i = 0; i < mel.length; i += 1) mel[i] = (Math.max(mel[i]!, loudest - RANGE) + 4) / 4;
  return mel;
}
