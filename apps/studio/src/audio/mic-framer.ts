import { MIC_RATE_HZ } from '../protocol.js';
import { toPcm16 } from './pcm.js';
import { Resampler } from './resampler.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (MIC_RATE_HZ * FRAME_MS) / 1000;

/** 20 ms of microphone. */
export interface MicFrame {
  /** When the first sample was captured, on the audio clock, ms. */
  atMs: number;
  pcm: Int16Array;
}

/** Cuts captured audio of any rate into 16 kHz frames of 20 ms that know when they were captured. */
export class MicFramer {
  readonly #rateHz: number;
  readonly #resampler: Resampler;
  /** Capture time of the first sample since the last break, in samples of the capture rate. */
  #anchorSample: number | undefined;
  #nextSample = 0;
  #framesSinceAnchor = 0;
  #pending: number[] = [];

  constructor(options: { rateHz: number }) {
    this.#rateHz = options.rateHz;
    this.#resampler = new Resampler({ fromHz: options.rateHz, toHz: MIC_RATE_HZ });
  }

  /** @param atSample position of the first sample on the audio clock, in samples; a jump starts afresh. */
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
