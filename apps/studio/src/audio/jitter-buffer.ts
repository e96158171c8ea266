/** Amplitude from which a sample counts as audible: −50 dBFS. */
export const AUDIBLE_LEVEL = 10 ** (-50 / 20);

/** Smallest amount of audio that is buffered before playback starts, ms: one frame, because it adds to the felt gap. */
const MIN_HOLD_MS = 20;
/** Largest amount, ms. */
const MAX_HOLD_MS = 200;
/** How much one underrun increases the hold, ms. */
const HOLD_STEP_MS = 20;
/** Playback without an underrun after which the hold decreases by `HOLD_STEP_MS`, ms. */
const STABLE_MS = 10_000;
/** Playback starts at the latest this long after the hold, ms, because an answer shorter than the hold never fills the buffer. */
const GRACE_MS = 60;
/** Audio within this time after the buffer ran empty counts as an underrun, ms; later audio as a new utterance. */
const UNDERRUN_WINDOW_MS = 400;

interface Chunk {
  answer: number;
  samples: Float32Array;
}

/** The result of one pull. */
export interface PullResult {
  /** Number of samples from the buffer; the rest of the block is silence. */
  playedSamples: number;
  /** The answers whose first audible sample is in this block, and its position. */
  firstAudible: { answer: number; offset: number }[];
}

/**
 * An adaptive jitter buffer with little delay: it starts with one frame, grows after an underrun and shrinks slowly. Time
 * is counted in pulled samples, so it needs no clock.
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
  /** Number of the last answer reported as audible, so that each is reported once. */
  #lastAudibleAnswer: number | undefined;

  constructor(options: { rateHz: number }) {
    this.#samplesPerMs = options.rateHz / 1000;
  }

  /** Amount of audio that is currently buffered before playback starts, ms. */
  get holdMs(): number {
    return this.#holdMs;
  }

  /** Audio in the buffer, ms. */
  get bufferedMs(): number {
    return this.#bufferedSamples / this.#samplesPerMs;
  }

  /** Adds audio of an answer. */
  push(samples: Float32Array, answer: number): void {
    if (samples.length === 0) return;
    if (!this.#playing && this.#chunks.length === 0) this.#begin();
    this.#chunks.push({ answer, samples });
    this.#bufferedSamples += samples.length;
  }

  /** Fills a block with the next audio, and with silence where there is none. */
  pull(block: Float32Array): PullResult {
    block.fill(0);
    const blockMs = block.length / this.#samplesPerMs;
    if (!this.#playing && !this.#mayPlay(blockMs)) return { playedSamples: 0, firstAudible: [] };
    this.#playing = true;
    const pulled = this.#copyInto(block);
    this.#learn(pulled.playedSamples, block.length);
    return pulled;
  }

  /** Discards all audio that has not been played. */
  clear(): void {
    this.#chunks = [];
    this.#offset = 0;
    this.#bufferedSamples = 0;
    this.#playing = false;
    this.#sinceEmptyMs = Number.POSITIVE_INFINITY;
  }

  /** Clears the buffer and the last reported answer, for a new call that numbers its answers from the start. */
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
    const firstAudible: PullResult['firstAudible'] = [];
    let filled = 0;
    while (filled < block.length && this.#chunks.length > 0) {
      const { answer, samples } = this.#chunks[0]!;
      const part = samples.subarray(this.#offset, this.#offset + block.length - filled);
      block.set(part, filled);
      const audibleAt =
        answer === this.#lastAudibleAnswer ? -1 : part.findIndex((x) => Math.abs(x) >= AUDIBLE_LEVEL);
      if (audibleAt >= 0) {
        firstAudible.push({ answer, offset: filled + audibleAt });
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
    return { playedSamples: filled, firstAudible };
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
