/** How much earlier audio a new session gets, ms, so that the beginning of a word is not lost. */
const PRE_ROLL_MS = 500;

interface Frame {
  samples: Int16Array;
  capturedAtMs: number;
}

/** A buffer of the caller's newest audio. */
export class PreRoll {
  #frames: Frame[] = [];

  push(samples: Int16Array, capturedAtMs: number): void {
    this.#frames.push({ samples, capturedAtMs });
    while (this.#frames[0]!.capturedAtMs < capturedAtMs - PRE_ROLL_MS) this.#frames.shift();
  }

  /** Oldest first. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }
}
