import { MIC_RATE_HZ } from '../protocol.js';
import { toPcm16 } from './pcm.js';
import { Resampler } from './resampler.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (MIC_RATE_HZ * FRAME_MS) / 1000;

/** 20 ms of microphone audio. */
export interface MicFrame {
  /** Capture time of the first sample on the audio clock, ms. */
  atMs: number;
  /** 16-bit samples at 16 kHz. */
  pcm: Int16Array;
}

/** Resamples captured audio to 16 kHz and splits it into 20 ms frames with their capture times. */
export class MicFramer {
  readonly #rateHz: number;
  readonly #resampler: Resampler;
  /** Capture time of the first sample since the last discontinuity, in samples of the capture rate. */
  #anchorSample: number | undefined;
  #nextSample = 0;
  #framesSinceAnchor = 0;
  #pending: number[] = [];

  constructor(options: { rateHz: number }) {
    this.#rateHz = options.rateHz;
    this.#resampler = new Resampler({ fromHz: options.rateHz, toHz: MIC_RATE_HZ });
  }

  /**
   * Adds captured audio and returns the completed frames.
   * @param atSample position of the first sample on the audio clock, in samples; a jump discards the incomplete frame
   */
  push(samples: Float32Array, atSample: number): MicFrame[] {
    if (this.#anchorSample === undefined || atSample !== this.#nextSample) this.#startAt(atSample);
    this.#nextSample = atSample + samples.length;
    for (const sample of this.#resampler.push(samples)) this.#pending.push(sample);
    const frames: MicFrame[] = [];
    while (this.#pending.length >= FRAME_SAMPLES) frames.push(this.#takeFrame());
    return frames;
  }

  #startAt(atSample: number): void {
    this.#anchorSample = atSample;
    this.#framesSinceAnchor = 0;
    this.#pending = [];
    this.#resampler.reset();
  }

  #takeFrame(): MicFrame {
    const pcm = toPcm16(Float32Array.from(this.#pending.splice(0, FRAME_SAMPLES)));
    const anchorMs = (this.#anchorSample! * 1000) / this.#rateHz;
    return { atMs: anchorMs + this.#framesSinceAnchor++ * FRAME_MS, pcm };
  }
}
