import { rms } from '../audio/level.js';
import { STT_RATE_HZ } from './protocol.js';

const FRAME_SAMPLES = STT_RATE_HZ / 100;
/** Quiet frames, 10 ms each, that make a dip: a decode must have heard this much past the last sound. */
const DIP_FRAMES = 3;
/** Frames that make a pause. The stops inside words are seldom as long. */
const PAUSE_FRAMES = 7;
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

/** A moment of quiet, which may be no more than the stop in "apple", and one that has become a pause. */
export type Quiet = 'dip' | 'pause';

/**
 * Notices by loudness that a speaker falls quiet, two or three windows before a VAD is sure. In a room as loud as the
 * speaker it notices nothing, and the VAD has to.
 */
export class QuietListener {
  #rest = new Int16Array(0);
  #speechRms = 0;
  #roomRms = Number.POSITIVE_INFINITY;
  #quietFrames = 0;
  #sounded = false;

  /** Takes in audio; says what was noticed in it, the last where there were several. */
  push(samples: Int16Array): Quiet | undefined {
    let noticed: Quiet | undefined;
    const audio = new Int16Array(this.#rest.length + samples.length);
    audio.set(this.#rest);
    audio.set(samples, this.#rest.length);
    let from = 0;
    for (; from + FRAME_SAMPLES <= audio.length; from += FRAME_SAMPLES) {
      noticed = this.#frame(rms(audio.subarray(from, from + FRAME_SAMPLES))) ?? noticed;
    }
    this.#rest = audio.slice(from);
    return noticed;
  }

  #frame(levelRms: number): Quiet | undefined {
    this.#speechRms = Math.max(levelRms, this.#speechRms * FADE);
    this.#roomRms = Math.max(1, Math.min(levelRms, this.#roomRms * RISE));
    const wanted = Math.max(this.#speechRms * UNDER_SPEECH, this.#roomRms * ABOVE_ROOM);
    const isQuiet = levelRms < Math.max(SILENCE_RMS, Math.min(wanted, this.#speechRms * CEILING));
    if (!isQuiet) this.#sounded = true;
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (!this.#sounded || this.#quietFrames < DIP_FRAMES) return undefined;
    if (this.#quietFrames === DIP_FRAMES) return 'dip';
    if (this.#quietFrames < PAUSE_FRAMES) return undefined;
    this.#sounded = false;
    return 'pause';
  }
}
