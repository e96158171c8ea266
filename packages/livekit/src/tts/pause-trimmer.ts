import { firstAudibleSample } from '../transport/speech-edges.js';

/** Length of the windows in which silence is detected, ms. The same as for the first audible sample everywhere. */
const WINDOW_MS = 2.5;

/** Options of `PauseTrimmer`. */
export interface PauseTrimmerOptions {
  /** Sample rate, Hz. */
  rateHz: number;
  /** Number of interleaved channels. */
  channels: number;
  /** Silence kept before a sound, ms: soft beginnings of words are below the threshold. */
  marginMs: number;
}

/**
 * Shortens silence in streamed audio: at the beginning of an answer to a margin, between sounds to `maxPauseMs`. Silence is
 * below −50 dBFS (RMS over 2.5 ms). Only the margin and an incomplete window are held back; allowed pauses pass at once.
 */
export class PauseTrimmer {
  /** Longest pause left between two sounds, ms; default unlimited. May be changed between clauses. */
  maxPauseMs = Number.POSITIVE_INFINITY;
  readonly #rateHz: number;
  readonly #channels: number;
  readonly #window: number;
  readonly #margin: number;
  #rest = new Int16Array(0);
  /** The newest silence, at most the margin, that has not been passed on. */
  #held: Int16Array[] = [];
  #heldSamples = 0;
  #silentSamples = 0;
  #trimmedSamples = 0;
  #leadingSamples = 0;
  #hasSound = false;

  constructor({ rateHz, channels, marginMs }: PauseTrimmerOptions) {
    this.#rateHz = rateHz;
    this.#channels = channels;
    this.#window = Math.max(1, Math.round((rateHz * WINDOW_MS) / 1000)) * channels;
    this.#margin = Math.round((rateHz * marginMs) / 1000) * channels;
  }

  /** Silence cut so far, ms. */
  get trimmedMs(): number {
    return this.#toMs(this.#trimmedSamples);
  }

  /** Silence cut before the first sound, ms. */
  get leadingMs(): number {
    return this.#toMs(this.#leadingSamples);
  }

  /** Takes audio; returns the audio to play, including held audio that a sound has released. */
  push(samples: Int16Array): Int16Array {
    const all = join([this.#rest, samples]);
    const whole = all.length - (all.length % this.#window);
    const out: Int16Array[] = [];
    for (let at = 0; at < whole; at += this.#window) this.#judge(all.subarray(at, at + this.#window), out);
    this.#rest = all.slice(whole);
    return join(out);
  }

  /** Ends the audio; returns what was held back. */
  end(): Int16Array {
    const last = join([...this.#held, this.#rest]);
    this.#held = [];
    this.#heldSamples = 0;
    this.#rest = new Int16Array(0);
    return last;
  }

  #toMs(samples: number): number {
    return (samples / this.#channels / this.#rateHz) * 1000;
  }

  #judge(window: Int16Array, out: Int16Array[]): void {
    if (firstAudibleSample(window, this.#rateHz) >= 0) {
      out.push(...this.#held, window);
      this.#held = [];
      this.#heldSamples = 0;
      this.#silentSamples = 0;
      this.#hasSound = true;
      return;
    }
    this.#silentSamples += window.length;
    if (this.#silentSamples <= this.#allowedSamples()) out.push(window);
    else this.#hold(window);
  }

  #hold(window: Int16Array): void {
    this.#held.push(window);
    this.#heldSamples += window.length;
    while (this.#heldSamples > this.#margin) {
      const oldest = this.#held.shift()!;
      this.#heldSamples -= oldest.length;
      this.#trimmedSamples += oldest.length;
      if (!this.#hasSound) this.#leadingSamples += oldest.length;
    }
  }

  /** How much of a silence passes before the rest is held back, samples. */
  #allowedSamples(): number {
    if (!this.#hasSound) return 0;
    return (this.#rateHz * this.maxPauseMs * this.#channels) / 1000 - this.#margin;
  }
}

/** Concatenates samples. */
export function join(parts: Int16Array[]): Int16Array<ArrayBuffer> {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
