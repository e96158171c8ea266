import { percentile } from '@firstword/turn/statistics';

/** A time span on the tape, ms from its beginning. */
export interface Span {
  startMs: number;
  endMs: number;
}

const FRAME_MS = 4;
/** A frame must be this much above the surrounding noise to count as speech. */
const ABOVE_NOISE_DB = 9;
/**
 * It must also be at most this much below the channel's loud speech: anything quieter is breath or comfort noise. With
 * 36, soft word endings of flite's rms were cut by up to 43 ms; with 44, 10 ms of room noise were included (60 lines each).
 */
const BELOW_SPEECH_DB = 40;
/** The noise estimate never raises the threshold to within this of loud speech, because that would cut soft sounds. */
const CLEAR_OF_SPEECH_DB = 12;
/** Anything below this is inaudible on a telephone, dBFS. */
const INAUDIBLE_DB = -66;
/** The noise is estimated from this much audio to either side. */
const NOISE_REACH_MS = 2500;
const NOISE_STEP_MS = 200;
/** This percentile of the non-silent levels is taken as the noise level: pauses and closures occupy more than this share. */
const NOISE_PERCENT = 3;
/**
 * Where the audio contains digital silence there may be no noise at all, and the quietest part may be the soft end of a
 * word. There, only sound with a steady level for this long counts as noise (such as hiss that is switched on with the
 * voice); a consonant is shorter …
 */
const STEADY_STRETCH_MS = 140;
/** … and that is this far below loud speech, which excludes a sustained vowel. */
const STEADY_BELOW_SPEECH_DB = 20;
/** Levels are smoothed over this many frames before testing for a steady level. */
const SMOOTH_FRAMES = 5;
/** Below this is digital silence, dBFS. */
const SILENT_DB = -100;
const SPEECH_PERCENT = 95;
/** Sound whose level varies by less than this is hum or hiss, not speech. */
const STEADY_DB = 6;
/** Of a window of this length, at least half must be speech. This excludes clicks. */
const SUSTAIN_MS = 40;
/** Shorter gaps within speech (consonant closures, gaps between words) are merged. */
const MERGE_GAP_MS = 180;
const MIN_SPEECH_MS = 60;

/** Level of each frame, dBFS; digital silence is −Infinity. The mean of the frame (DC offset) is removed. */
function levelsDb(samples: Int16Array, sampleRateHz: number): Float64Array {
  const frameSamples = Math.round((FRAME_MS * sampleRateHz) / 1000);
  const levels = new Float64Array(Math.floor(samples.length / frameSamples));
  for (let frame = 0; frame < levels.length; frame += 1) {
    let sum = 0;
    let squares = 0;
    const from = frame * frameSamples;
    for (let i = from; i < from + frameSamples; i += 1) {
      sum += samples[i]!;
      squares += samples[i]! ** 2;
    }
    const power = squares / frameSamples - (sum / frameSamples) ** 2;
    levels[frame] = 10 * Math.log10(Math.max(0, power) / 32_768 ** 2);
  }
  return levels;
}

/** A percentile of the levels, dB of full scale, digital silence left out; -Infinity where nothing sounds. */
function levelAt(levels: Float64Array, percent: number): number {
  const sounding = levels.filter((level) => level > SILENT_DB).sort();
  return sounding.length === 0 ? -Infinity : percentile(sounding, percent);
}

/** The level where it is steady and below speech; `Infinity` elsewhere. */
function steadyLevels(levels: Float64Array, loudDb: number): Float64Array {
  const smooth = levels.map((_, i) => {
    const near = levels.subarray(Math.max(0, i - SMOOTH_FRAMES + 1), i + 1);
    return near.reduce((sum, level) => sum + level, 0) / near.length;
  });
  const stretch = STEADY_STRETCH_MS / FRAME_MS;
  return levels.map((_, i) => {
    const around = smooth.subarray(i, i + stretch);
    if (around.length < stretch) return Infinity;
    let [low, high] = [Infinity, -Infinity];
    for (const level of around) {
      low = Math.min(low, level);
      high = Math.max(high, level);
    }
    const isNoise = low > SILENT_DB && high - low < STEADY_DB && high < loudDb - STEADY_BELOW_SPEECH_DB;
    return isNoise ? low : Infinity;
  });
}

/** The noise level of a part of the audio, dBFS; −Infinity where there is none. */
function noiseIn(levels: Float64Array, steady: Float64Array): number {
  const silent = levels.reduce((count, level) => count + (level <= SILENT_DB ? 1 : 0), 0);
  if (silent < (NOISE_PERCENT / 100) * levels.length) return levelAt(levels, NOISE_PERCENT);
  const lowest = steady.reduce((low, level) => Math.min(low, level), Infinity);
  return lowest === Infinity ? -Infinity : lowest;
}

/** The speech threshold of each frame, dBFS. */
function thresholdsDb(levels: Float64Array): Float64Array {
  const loudFrames = levels.filter((level) => level > INAUDIBLE_DB);
  const loudDb = levelAt(loudFrames, SPEECH_PERCENT);
  const least = Math.max(INAUDIBLE_DB, loudDb - BELOW_SPEECH_DB);
  const thresholds = new Float64Array(levels.length);
  const steady = steadyLevels(levels, loudDb);
  const step = NOISE_STEP_MS / FRAME_MS;
  const reach = NOISE_REACH_MS / FRAME_MS;
  for (let at = 0; at < levels.length; at += step) {
    const [from, to] = [Math.max(0, at - reach), at + reach];
    const overNoise = noiseIn(levels.subarray(from, to), steady.subarray(from, to)) + ABOVE_NOISE_DB;
    thresholds.fill(Math.max(least, Math.min(overNoise, loudDb - CLEAR_OF_SPEECH_DB)), at, at + step);
  }
  return thresholds;
}

/** Keeps active frames of which at least half of the following or of the preceding frames are active too. */
function sustained(active: Uint8Array): Uint8Array {
  const need = SUSTAIN_MS / FRAME_MS / 2;
  const before = new Uint32Array(active.length + 1);
  for (const [i, on] of active.entries()) before[i + 1] = before[i]! + on;
  const count = (from: number, to: number) =>
    before[Math.min(active.length, to)]! - before[Math.max(0, from)]!;
  return active.map((on, i) =>
    on && (count(i, i + 2 * need) >= need || count(i - 2 * need + 1, i + 1) >= need) ? 1 : 0,
  );
}

/** Merges spans that are less than `mergeGapMs` apart. */
function joined(spans: readonly Span[], mergeGapMs: number): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && span.startMs - last.endMs < mergeGapMs) last.endMs = Math.max(last.endMs, span.endMs);
    else out.push({ ...span });
  }
  return out;
}

/** Detects speech in one channel, in frames of 4 ms. Short gaps are merged, clicks removed. */
export function speechIn(samples: Int16Array, sampleRateHz: number): Span[] {
  const levels = levelsDb(samples, sampleRateHz);
  if (levelAt(levels, SPEECH_PERCENT) - levelAt(levels, NOISE_PERCENT) < STEADY_DB) return [];
  const thresholds = thresholdsDb(levels);
  const active = sustained(Uint8Array.from(levels, (level, i) => (level > thresholds[i]! ? 1 : 0)));
  const frames: Span[] = [];
  for (const [i, on] of active.entries()) {
    if (on) frames.push({ startMs: i * FRAME_MS, endMs: (i + 1) * FRAME_MS });
  }
  return joined(frames, MERGE_GAP_MS).filter((span) => span.endMs - span.startMs >= MIN_SPEECH_MS);
}
