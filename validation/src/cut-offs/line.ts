import { mixInto, roomTone } from '@firstword/calls';
import { systemClock } from '@firstword/turn';
import { RATE_HZ } from '../endpointing/people/audio.js';
import { sleep } from './parts.js';

/** Length of a frame of the caller's audio, ms. */
export const FRAME_MS = 20;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;
/** Part of a clip in which the agent should stop. */
const ONSET_SAMPLES = RATE_HZ / 2;

/** Takes the caller's audio. */
export interface AudioSink {
  /** @param atMs when its first sample was spoken */
  push(samples: Int16Array, atMs: number): void;
}

/** The caller's audio in real time, in frames of 20 ms with room noise between the clips. */
export class Line {
  readonly #input: AudioSink;
  readonly #tone = roomTone(1);
  #clip: Int16Array | undefined;
  #at = 0;
  #isOpen = true;
  /** How late the first frames of the newest clip were given to the agent at worst, ms: a busy machine, not the agent. */
  lateMs = 0;
  #started: ((atMs: number) => void) | undefined;
  #ended: (() => void) | undefined;

  constructor(input: AudioSink) {
    this.#input = input;
    void this.#run();
  }

  /** Speaks from the next frame on; resolves when the clip is over. @param onStart called with the time of its first sample */
  speak(clip: Int16Array, onStart: (atMs: number) => void = () => {}): Promise<void> {
    this.#clip = clip;
    this.#at = 0;
    this.lateMs = 0;
    this.#started = onStart;
    return new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  close(): void {
    this.#isOpen = false;
  }

  async #run(): Promise<void> {
    const t0 = systemClock.nowMs();
    for (let frame = 0; this.#isOpen; frame++) {
      // A frame is there once its last sample was spoken.
      const fromMs = t0 + frame * FRAME_MS;
      const samples = this.#next(fromMs);
      await sleep(Math.max(0, fromMs + FRAME_MS - systemClock.nowMs()));
      const lateMs = systemClock.nowMs() - fromMs - FRAME_MS;
      if (this.#at > 0 && this.#at <= ONSET_SAMPLES) this.lateMs = Math.max(this.lateMs, lateMs);
      this.#input.push(samples, fromMs);
    }
  }

  #next(fromMs: number): Int16Array {
    const samples = this.#tone(FRAME_SAMPLES);
    const clip = this.#clip;
    if (!clip) return samples;
    this.#started?.(fromMs);
    this.#started = undefined;
    mixInto(samples, clip.subarray(this.#at, this.#at + FRAME_SAMPLES));
    this.#at += FRAME_SAMPLES;
    if (this.#at < clip.length) return samples;
    this.#clip = undefined;
    this.#ended?.();
    return samples;
  }
}
