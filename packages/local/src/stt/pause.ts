import { ascending, percentile } from '@firstword/turn/statistics';
import { frameLevels } from '../audio/level.js';
import { STT_RATE_HZ } from './protocol.js';

/** Samples per level frame of 10 ms. */
export const FRAME_SAMPLES = STT_RATE_HZ / 100;
/** A single loud frame is a click; a speech sound lasts longer. */
const SOUND_FRAMES = 2;
/** Upper limit of the threshold, as a share of the speech level (−12 dB). */
const CEILING = 0.25;
/** Unvoiced consonants lie some 20–25 dB under the vowels: quieter than −30 dB is not speech. */
const FLOOR = 0.03;
const ABOVE_ROOM = 2.5;
/** Below this level, 16-bit audio is silence. */
const SILENCE_RMS = 20;

/**
 * The level, as RMS, above which audio counts as speech: clear of the room's noise, near enough to it to catch the
 * quietest consonants. No absolute loudness is assumed, so a quiet caller and a noisy line work alike.
 *
 * @param floor least share of the speech's level, however still the room is
 */
export function soundLevel(levels: { speechRms: number; roomRms: number; floor: number }): number {
  const { speechRms, roomRms, floor } = levels;
  const wanted = Math.max(speechRms * floor, roomRms * ABOVE_ROOM);
  return Math.max(SILENCE_RMS, Math.min(wanted, speechRms * CEILING));
}

/**
 * Computes, from the levels of the speech and of the pause, the level (RMS) above which audio after the pause counts as
 * speech again.
 */
export function speechLevel(levels: { speech: Int16Array; pause: Int16Array }): number {
  const speechRms = levelAt(frameLevels(levels.speech, FRAME_SAMPLES), 95);
  // The quietest frames: the tail of a word may extend into the pause.
  const roomRms = levelAt(frameLevels(levels.pause, FRAME_SAMPLES), 10);
  return soundLevel({ speechRms, roomRms, floor: FLOOR });
}

/** Whether a clip holds a sound at least `levelRms` loud that is longer than a click. */
export function hasSound(samples: Int16Array, levelRms: number): boolean {
  let loud = 0;
  for (const level of frameLevels(samples, FRAME_SAMPLES)) {
    loud = level > levelRms ? loud + 1 : 0;
    if (loud >= SOUND_FRAMES) return true;
  }
  return false;
}

/** Whether a clip contains nothing worth decoding. */
export function isSilent(samples: Int16Array): boolean {
  return !hasSound(samples, SILENCE_RMS);
}

/** A percentile of the frames' levels; 0 for a clip that is shorter than one frame. */
function levelAt(levels: readonly number[], percent: number): number {
  return levels.length === 0 ? 0 : percentile(ascending(levels), percent);
}
