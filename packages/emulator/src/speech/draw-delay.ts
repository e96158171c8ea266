import type { Random } from '@firstword/turn/statistics';
import { drawTtftMs } from '../profiles/ttft.js';
import type { DelayPercentiles } from './stt/profiles.js';

/** Draws a delay, ms: one of the recorded ones, otherwise from the lognormal distribution of the percentiles. */
export function drawDelayMs(delay: DelayPercentiles, random: Random): number {
  const { recordedMs } = delay;
  if (!recordedMs || recordedMs.length === 0) return drawTtftMs(delay, random);
  return recordedMs[Math.min(recordedMs.length - 1, Math.floor(random.uniform() * recordedMs.length))]!;
}
