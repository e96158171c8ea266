import { rms } from '../audio/level.js';
import { STT_RATE_HZ } from './protocol.js';

const FRAME_SAMPLES = STT_RATE_HZ / 100;
/** Quiet frames, 10 ms each, that make a dip: a decode must have heard this much past the last sound. */
const DIP_FRAMES = 3;
/** Loudness and room are followed as they change: half as loud, or twice, a second. */
const FADE = 0.5 ** (1 / 100);
const RISE = 2 ** (1 / 100);
/** −26 dB under the vowels: unvoiced consonants lie at 20 to 25. */
const UNDER_SPEECH = 0.05;
const ABOVE_ROOM = 2.5;
/** In a noisy room, −12 dB will do. */
const CEILING = 0.25;
/** Below this level, 16-bit audio is silence. */
const SILENCE_RMS = 20;

/**
 * Notices by loudness that a speaker falls quiet for a moment, two or three windows before a VAD is sure. It cannot tell the
 * end of a line from the stop in "apple": it says when it is worth looking, not what was found. Taking 70 ms of quiet for
 * a pause was tried: answers started another 25 ms sooner, and twice as many were thrown away.
 */
export class QuietListener {
  #rest = new Int16Array(0);
  #speechRms = 0;
  #roomRms = Number.POSITIVE_INFINITY;
  #quietFrames = 0;
  #sounded = false;

  /** Takes in audio; says whether a dip began in it. */
  push(samples: Int16Array): boolean {
    let noticed = false;
    const audio = new Int16Array(this.#rest.length + samples.length);
    audio.set(this.#rest);
    audio.set(samples, this.#rest.length);
    let from = 0;
    for (; from + FRAME_SAMPLES <= audio.length; from += FRAME_SAMPLES) {
      noticed = this.#frame(rms(audio.subarray(from, from + FRAME_SAMPLES))) || noticed;
    }
    this.#rest = audio.slice(from);
    return noticed;
  }

  #frame(levelRms: number): boolean {
    this.#speechRms = Math.max(levelRms, this.#speechRms * FADE);
    this.#roomRms = Math.max(1, Math.min(levelRms, this.#roomRms * RISE));
    const wanted = Math.max(this.#speechRms * UNDER_SPEECH, this.#roomRms * ABOVE_ROOM);
    const isQuiet = levelRms < Math.max(SILENCE_RMS, Math.min(wanted, this.#speechRms * CEILING));
    if (!isQuiet) this.#sounded = true;
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (!this.#sounded || this.#quietFrames < DIP_FRAMES) return false;
    this.#sounded = false;
    return true;
  }
}
