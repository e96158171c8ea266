import { HEARING_RATE_HZ } from '../audio/pcm.js';

const WINDOW_MS = 10;
const WINDOW_SAMPLES = (HEARING_RATE_HZ * WINDOW_MS) / 1000;
/** Quieter windows are never speech: −46 dBFS. LiveKit's own energy filter uses −48 dBFS. */
const QUIETEST_SPEECH = 160;
/** A window is speech if it is this many times as loud as the quietest recent windows. */
const ABOVE_BACKGROUND = 3;
/** The background level rises by this factor per window, so that it follows a room that gets louder. */
const BACKGROUND_RISE = 1.002;
/** So many loud windows in a row begin speech: a click does not. */
const LOUD_WINDOWS = 3;
/** So many quiet windows in a row are a pause: stop consonants are shorter. */
const QUIET_WINDOWS = 10;

/** Where a `SpeechDetector` reports. Times are ms of audio since the first sample. */
export interface SpeechHandlers {
  /** Speech began at this moment. Reported 30 ms later. */
  onSpeech(atMs: number): void;
  /** Nothing has been said since this moment. Reported after 100 ms. */
  onPause(atMs: number): void;
  /** Called after every 10 ms of silence that follow `onPause`. */
  onSilence(silenceMs: number): void;
}

/** Finds speech and pauses in mono audio at 16 kHz, by its level. */
export class SpeechDetector {
  readonly #handlers: SpeechHandlers;
  #rest = new Int16Array(0);
  #windows = 0;
  #background = QUIETEST_SPEECH;
  #loud = 0;
  #quiet = 0;
  #isSpeech = false;

  constructor(handlers: SpeechHandlers) {
    this.#handlers = handlers;
  }

  /** Audio examined so far, ms. */
  get positionMs(): number {
    return this.#windows * WINDOW_MS;
  }

  /** Whether speech is under way; a pause is not. */
  get isSpeech(): boolean {
    return this.#isSpeech;
  }

  push(samples: Int16Array): void {
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    let at = 0;
    for (; at + WINDOW_SAMPLES <= all.length; at += WINDOW_SAMPLES) {
      this.#examine(rootMeanSquare(all.subarray(at, at + WINDOW_SAMPLES)));
    }
    this.#rest = all.slice(at);
  }

  #examine(level: number): void {
    const isLoud = level > Math.max(QUIETEST_SPEECH, this.#background * ABOVE_BACKGROUND);
    this.#background = Math.min(Math.max(level, 1), this.#background * BACKGROUND_RISE);
    this.#windows += 1;
    this.#loud = isLoud ? this.#loud + 1 : 0;
    this.#quiet = isLoud ? 0 : this.#quiet + 1;
    if (!this.#isSpeech && this.#loud >= LOUD_WINDOWS) {
      this.#isSpeech = true;
      this.#handlers.onSpeech(this.positionMs - this.#loud * WINDOW_MS);
    } else if (this.#isSpeech && this.#quiet >= QUIET_WINDOWS) {
      this.#isSpeech = false;
      this.#handlers.onPause(this.positionMs - this.#quiet * WINDOW_MS);
    }
    if (!this.#isSpeech && this.#quiet >= QUIET_WINDOWS) this.#handlers.onSilence(this.#quiet * WINDOW_MS);
  }
}

function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
