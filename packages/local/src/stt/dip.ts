import { FRAME_SAMPLES, soundLevel } from './pause.js';

/** Number of quiet frames, 10 ms each, that make a dip. A decode needs this much audio after the last sound. */
const DIP_FRAMES = 3;
/** How fast the estimates of speech level and room noise adapt: by a factor of 2 per second. */
const FADE = 0.5 ** (1 / 100);
const RISE = 2 ** (1 / 100);
/** −26 dB under the vowels: unvoiced consonants lie at 20 to 25. */
const FLOOR = 0.05;

/**
 * Detects by level that a speaker becomes quiet, two or three windows before a VAD does. It cannot distinguish the end of
 * a sentence from the stop consonant in "apple", so it only triggers a decode. Treating 70 ms of quiet as a pause was
 * tried: answers started another 25 ms earlier, but twice as many were wasted.
 */
export class DipDetector {
  /** Energy of the incomplete frame. */
  #energy = 0;
  #samples = 0;
  #speechRms = 0;
  #roomRms = Number.POSITIVE_INFINITY;
  #quietFrames = 0;
  #sounded = false;

  /** Adds audio and returns whether a dip began in it. */
  push(samples: Int16Array): boolean {
    let noticed = false;
    for (const sample of samples) {
      this.#energy += sample * sample;
      this.#samples += 1;
      if (this.#samples < FRAME_SAMPLES) continue;
      noticed = this.#frame(Math.sqrt(this.#energy / FRAME_SAMPLES)) || noticed;
      this.#energy = 0;
      this.#samples = 0;
    }
    return noticed;
  }

  #frame(levelRms: number): boolean {
    this.#speechRms = Math.max(levelRms, this.#speechRms * FADE);
    this.#roomRms = Math.max(1, Math.min(levelRms, this.#roomRms * RISE));
    const isQuiet =
      levelRms < soundLevel({ speechRms: this.#speechRms, roomRms: this.#roomRms, floor: FLOOR });
    if (!isQuiet) this.#sounded = true;
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (!this.#sounded || this.#quietFrames < DIP_FRAMES) return false;
    this.#sounded = false;
    return true;
  }
}
