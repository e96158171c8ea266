/** A sample louder than this (−50 dBFS) can be heard. */
export const AUDIBLE_LEVEL = 10 ** (-50 / 20);

/** Audio held back before an answer begins, ms: as little as one frame, for it is part of the felt gap. */
const MIN_HOLD_MS = 20;
const MAX_HOLD_MS = 200;
/** What one break in the sound adds to the hold, ms. */
const HOLD_STEP_MS = 20;
/** Sound without a break that takes `HOLD_STEP_MS` off the hold again, ms. */
const STABLE_MS = 10_000;
/** What is held is let go this long after the hold, ms, however short it is: a very short answer gets no more. */
const GRACE_MS = 60;
/** Audio that follows this soon after the buffer ran dry was late: the sound broke. Later, it is a new utterance. */
const UNDERRUN_WINDOW_MS = 400;

interface Chunk {
  answer: number;
  samples: Float32Array;
}

/** What one pull found. */
export interface PullResult {
  /** Samples of the block that came from the buffer; the rest is silence. */
  playedSamples: number;
  /** Answers whose first audible sample is in this block, and where. */
  heard: { answer: number; offset: number }[];
}

/**
 * Smooths the arrival of audio, with as little waiting as the network allows: it holds one frame, learns from breaks,
 * and forgets slowly. Time is counted in samples pulled, so it needs no clock.
 */
export class JitterBuffer {
  readonly #samplesPerMs: number;
  #chunks: Chunk[] = [];
  #offset = 0;
  #bufferedSamples = 0;
  #playing = false;
  #holdMs = MIN_HOLD_MS;
  #waitedMs = 0;
  #sinceEmptyMs = Number.POSITIVE_INFINITY;
  #stableMs = 0;
  /** Number of the answer that has been heard last, so that each is told once. */
  #lastAudibleAnswer: number | undefined;

  constructor(options: { rateHz: number }) {
    this.#samplesPerMs = options.rateHz / 1000;
  }

  /** How much audio an answer waits for at present, ms. */
  get holdMs(): number {
    return this.#holdMs;
  }

  get bufferedMs(): number {
    return this.#bufferedSamples / this.#samplesPerMs;
  }

  push(samples: Float32Array, answer: number): void {
    if (samples.length === 0) return;
    if (!this.#playing && this.#chunks.length === 0) this.#begin();
    this.#chunks.push({ answer, samples });
    this.#bufferedSamples += samples.length;
  }

  /** Fills the block: audio where there is some to play, silence elsewhere. */
  pull(block: Float32Array): PullResult {
    block.fill(0);
    const blockMs = block.length / this.#samplesPerMs;
    if (!this.#playing && !this.#mayPlay(blockMs)) return { playedSamples: 0, heard: [] };
    this.#playing = true;
    const pulled = this.#copyInto(block);
    this.#learn(pulled.playedSamples, block.length);
    return pulled;
  }

  /** Drops all that has not been played, at once. */
  clear(): void {
    this.#chunks = [];
    this.#offset = 0;
    this.#bufferedSamples = 0;
    this.#playing = false;
    this.#sinceEmptyMs = Number.POSITIVE_INFINITY;
  }

  /** Forgets what went before, answers heard included: for a new call, which counts its answers afresh. */
  reset(): void {
    this.clear();
    this.#lastAudibleAnswer = undefined;
  }

  #begin(): void {
    this.#waitedMs = 0;
    if (this.#sinceEmptyMs >= UNDERRUN_WINDOW_MS) return;
    this.#holdMs = Math.min(MAX_HOLD_MS, this.#holdMs + HOLD_STEP_MS);
    this.#stableMs = 0;
  }

  #mayPlay(blockMs: number): boolean {
    if (this.#chunks.length === 0) {
      this.#sinceEmptyMs += blockMs;
      return false;
    }
    if (this.bufferedMs >= this.#holdMs || this.#waitedMs >= this.#holdMs + GRACE_MS) return true;
    this.#waitedMs += blockMs;
    return false;
  }

  #copyInto(block: Float32Array): PullResult {
    const heard: PullResult['heard'] = [];
    let filled = 0;
    while (filled < block.length && this.#chunks.length > 0) {
      const { answer, samples } = this.#chunks[0]!;
      const part = samples.subarray(this.#offset, this.#offset + block.length - filled);
      block.set(part, filled);
      const audibleAt =
        answer === this.#lastAudibleAnswer ? -1 : part.findIndex((x) => Math.abs(x) >= AUDIBLE_LEVEL);
      if (audibleAt >= 0) {
        heard.push({ answer, offset: filled + audibleAt });
        this.#lastAudibleAnswer = answer;
      }
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === samples.length) {
        this.#chunks.shift();
        this.#offset = 0;
      }
    }
    this.#bufferedSamples -= filled;
    return { playedSamples: filled, heard };
  }

  #learn(playedSamples: number, blockSamples: number): void {
    if (playedSamples < blockSamples) {
      this.#playing = false;
      this.#sinceEmptyMs = 0;
    }
    this.#stableMs += playedSamples / this.#samplesPerMs;
    if (this.#stableMs < STABLE_MS) return;
    this.#stableMs = 0;
    this.#holdMs = Math.max(MIN_HOLD_MS, this.#holdMs - HOLD_STEP_MS);
  }
}
