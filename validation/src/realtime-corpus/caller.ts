import type { PushAudioInput } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';

/** Sample rate of the provider's wire, Hz. */
export const RATE_HZ = 24_000;
const FRAME_MS = 20;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;
/** How often audio is pushed, ms. */
const TICK_MS = 5;
const LOUDNESS = 8000;

/** A caller whose speech is a tone, in real time. */
export class ToneCaller {
  readonly #input: PushAudioInput;
  readonly #startMs = systemClock.nowMs();
  #frame = 0;
  #speechFrames = 0;
  #isOver = false;

  constructor(input: PushAudioInput) {
    this.#input = input;
    this.#push();
  }

  /** Begins to speak for this time, ms. */
  speak(forMs: number): void {
    this.#speechFrames = Math.round(forMs / FRAME_MS);
  }

  /** Sends no more audio. */
  close(): void {
    this.#isOver = true;
  }

  #push(): void {
    while (this.#startMs + (this.#frame + 1) * FRAME_MS <= systemClock.nowMs()) {
      const samples = new Int16Array(FRAME_SAMPLES);
      if (this.#speechFrames > 0) {
        this.#speechFrames -= 1;
        const from = this.#frame * FRAME_SAMPLES;
        for (let i = 0; i < FRAME_SAMPLES; i += 1)
          samples[i] = Math.round(LOUDNESS * Math.sin((from + i) / 12));
      }
      this.#input.push(samples, this.#startMs + this.#frame * FRAME_MS);
      this.#frame += 1;
    }
    if (!this.#isOver) systemClock.schedule(TICK_MS, () => this.#push());
  }
}
