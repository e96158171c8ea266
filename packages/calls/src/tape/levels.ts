import { percentile } from '@firstword/turn/statistics';

/** Length of the frames in which levels are measured, ms. */
export const FRAME_MS = 4;
/** Below this is digital silence, dBFS. */
export const SILENT_DB = -100;

/** Level of each frame, dBFS; digital silence is −Infinity. The mean of the frame (DC offset) is removed. */
export function levelsDb(samples: Int16Array, sampleRateHz: number): Float64Array {
  const frameSamples = (FRAME_MS * sampleRateHz) / 1000;
  const levels = new Float64Array(Math.floor(samples.length / frameSamples));
  for (let frame = 0; frame < levels.length; frame += 1) {
    let sum = 0;
    let squares = 0;
    // Rounded for each frame: at 44.1 kHz a frame has no whole number of samples, and a rounded length would drift.
    const [from, to] = [Math.round(frame * frameSamples), Math.round((frame + 1) * frameSamples)];
    for (let i = from; i < to; i += 1) {
      sum += samples[i]!;
      squares += samples[i]! ** 2;
    }
    const power = squares / (to - from) - (sum / (to - from)) ** 2;
    levels[frame] = 10 * Math.log10(Math.max(0, power) / 32_768 ** 2);
  }
  return levels;
}

/** Each level averaged, as power, with its neighbours. The level of a single frame of a low voice, or of noise, varies by chance. */
export function smoothed(levels: Float64Array, frames: number): Float64Array {
  const power = levels.map((level) => 10 ** (level / 10));
  const half = (frames - 1) / 2;
  return levels.map((_, i) => {
    const near = power.subarray(Math.max(0, i - half), i + half + 1);
    return 10 * Math.log10(near.reduce((sum, one) => sum + one, 0) / near.length);
  });
}

/** A percentile of the levels, dBFS, digital silence left out; −Infinity where nothing sounds. */
export function levelAt(levels: Float64Array, percent: number): number {
  const sounding = levels.filter((level) => level > SILENT_DB).sort();
  return sounding.length === 0 ? -Infinity : percentile(sounding, percent);
}
