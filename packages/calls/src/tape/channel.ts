import { StreamResampler } from './stream-resampler.js';

/** Frames that start this close to the end of the previous one belong to the same stream: only their timestamps jitter. */
const JITTER_MS = 5;

/** Places one speaker's frames on the time axis of the tape, in samples from its origin, and resamples them. */
export class Channel {
  readonly #toHz: number;
  readonly #write: (atSample: number, samples: Int16Array) => void;
  #run: { startMs: number; rateHz: number; inSamples: number } | undefined;
  #resampler: StreamResampler | undefined;
  #nextSample = 0;
  /** Samples still to be dropped from the beginning of the stream, because the tape already has audio there. */
  #cutSamples = 0;

  constructor(toHz: number, write: (atSample: number, samples: Int16Array) => void) {
    this.#toHz = toHz;
    this.#write = write;
  }

  /**
   * Adds audio.
   * @param startMs time of the first sample, ms from the tape's origin
   */
  push(startMs: number, pcm: Int16Array, rateHz: number): void {
    const run = this.#run;
    const expectedMs = run && run.startMs + (run.inSamples * 1000) / run.rateHz;
    if (!run || rateHz !== run.rateHz || Math.abs(startMs - expectedMs!) > JITTER_MS) {
      this.end();
      this.#run = { startMs, rateHz, inSamples: 0 };
      this.#resampler = new StreamResampler({ fromHz: rateHz, toHz: this.#toHz });
      // Audio on the tape is not overwritten: the part of a new stream before its end is dropped.
      this.#cutSamples = Math.max(0, this.#nextSample - this.#sampleAt(startMs));
      this.#nextSample = Math.max(this.#nextSample, this.#sampleAt(startMs));
    }
    this.#run!.inSamples += pcm.length;
    this.#put(this.#resampler!.push(pcm));
  }

  /** Ends the stream and writes the last samples, which the resampler still holds. */
  end(): void {
    if (this.#resampler) this.#put(this.#resampler.end());
    this.#run = undefined;
    this.#resampler = undefined;
  }

  /** Discards audio from `fromMs` on. Returns the sample position from which the tape must be silenced. */
  cut(fromMs: number): number {
    this.end();
    this.#nextSample = Math.min(this.#nextSample, Math.max(0, this.#sampleAt(fromMs)));
    return this.#nextSample;
  }

  #sampleAt(ms: number): number {
    return Math.round((ms * this.#toHz) / 1000);
  }

  #put(samples: Int16Array): void {
    const kept = samples.subarray(this.#cutSamples);
    this.#cutSamples = Math.max(0, this.#cutSamples - samples.length);
    if (kept.length === 0) return;
    this.#write(this.#nextSample, kept);
    this.#nextSample += kept.length;
  }
}
