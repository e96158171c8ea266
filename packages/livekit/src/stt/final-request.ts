/** Speech shorter than this needs no final of its own, ms: LiveKit's VAD does not take it for speech. */
const SPEECH_MS = 50;

/**
 * Decides when an STT is asked for the final of what it has heard: once in each pause that follows speech without a final.
 * Without being asked, an STT waits for silence of its own, which it notices later than a VAD beside it.
 */
export class FinalRequest {
  readonly #silenceMs: number;
  /** The caller has spoken since the last final. */
  #isOpen = false;
  #isAsked = false;

  /** @param silenceMs silence after which the STT is asked, ms */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** The VAD has measured this much speech or silence up to now, ms. Returns whether to ask now. */
  onVad({ speechMs, silenceMs }: { speechMs: number; silenceMs: number }): boolean {
    if (silenceMs === 0) {
      if (speechMs >= SPEECH_MS) this.#isOpen = true;
      this.#isAsked = false;
      return false;
    }
    if (!this.#isOpen || this.#isAsked || silenceMs < this.#silenceMs) return false;
    this.#isAsked = true;
    return true;
  }

  /** The STT has sent a final. */
  onFinal(): void {
    this.#isOpen = false;
  }
}
