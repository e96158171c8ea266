import { StreamResampler } from './stream-resampler.js';

/** Frames this close to the end of the one before are one stream: their stamps jitter, their samples do not. */
const JITTER_MS = 5;

/** Places one speaker's frames on the tape's time axis, in samples from its origin, whatever rate they come at. */
export class Channel {
  readonly #toHz: number;
  readonly #write: (atSample: number, samples: Int16Array) => void;
  #run: { startMs: number; rateHz: number; inSamples: number } | undefined;
  #resampler: StreamResampler | undefined;
  #nextSample = 0;
  /** Still to be dropped from the run's beginning, because the tape already has something there. */
  #cutSamples = 0;

  constructor(toHz: number, write: (atSample: number, samples: Int16Array) => void) {
    this.#toHz = toHz;
    this.#write = write;
  }

  /** @param startMs of the first sample, from the tape's origin */
  push(startMs: number, pcm: Int16Array, rateHz: number): void {
    const run = this.#run;
    const expectedMs = run && run.startMs + (run.inSamples * 1000) / run.rateHz;
    if (!run || rateHz !== run.rateHz || Math.abs(startMs - expectedMs!) > JITTER_MS) {
      this.end();
      this.#run = { startMs, rateHz, inSamples: 0 };
      this.#resampler = new StreamResampler({ fromHz: rateHz, toHz: this.#toHz });
      // What is on the tape stays: audio stamped before the end of the last is cut off at its beginning.
      this.#cutSamples = Math.max(0, this.#nextSample - this.#sampleAt(startMs));
      this.#nextSample = Math.max(this.#nextSample, this.#sampleAt(startMs));
    }
    this.#run!.inSamples += pcm.length;
    this.#put(this.#resampler!.push(pcm));
  }

  /** Lets go of the last samples, which wait for what follows them. */
  end(): void {
    if (this.#resampler) this.#put(this.#resampler.end());
    this.#run = undefined;
    this.#resampler = undefined;
  }

  /** Forgets what comes from `fromMs` on. Gives the place on the tape from which it is to be silent. */
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
