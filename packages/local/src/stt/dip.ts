import { FRAME_SAMPLES, soundLevel } from './pause.js';

/** Quiet frames, 10 ms each, that make a dip: a decode must have heard this much past the last sound. */
const DIP_FRAMES = 3;
/** Loudness and room are followed as they change: half as loud, or twice, a second. */
const FADE = 0.5 ** (1 / 100);
const RISE = 2 ** (1 / 100);
/** −26 dB under the vowels: unvoiced consonants lie at 20 to 25. */
const FLOOR = 0.05;

/**
 * Notices by loudness that a speaker falls quiet for a moment, two or three windows before a VAD is sure. It cannot tell the
 * end of a line from the stop in "apple": it says when it is worth looking, not what was found. Taking 70 ms of quiet for
 * a pause was tried: answers started another 25 ms sooner, and twice as many were thrown away.
 */
export class DipDetector {
  /** Of the frame that is not whole yet. */
  #energy = 0;
  #samples = 0;
  #speechRms = 0;
  #roomRms = Number.POSITIVE_INFINITY;
  #quietFrames = 0;
  #sounded = false;

  /** Takes in audio; says whether a dip began in it. */
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
