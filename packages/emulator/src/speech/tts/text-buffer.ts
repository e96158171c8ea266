import type { Timers } from '../timers.js';

/** Holds text back until an engine would speak it. */
export class TextBuffer {
  readonly #speak: (text: string) => void;
  readonly #isReady: (text: string) => boolean;
  readonly #maxDelayMs: number;
  readonly #timers: Timers;
  #text = '';
  #cancel = () => {};

  /**
   * @param options.isReady whether a text is spoken at once
   * @param options.maxDelayMs how long a text that is not ready waits for more, ms
   */
  constructor(options: {
    timers: Timers;
    isReady: (text: string) => boolean;
    maxDelayMs: number;
    speak: (text: string) => void;
  }) {
    this.#timers = options.timers;
    this.#isReady = options.isReady;
    this.#maxDelayMs = options.maxDelayMs;
    this.#speak = options.speak;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#isReady(this.#text) || this.#maxDelayMs === 0) {
      this.flush();
    } else if (this.#maxDelayMs !== Number.POSITIVE_INFINITY) {
      this.#cancel();
      this.#cancel = this.#timers.later(this.#maxDelayMs, () => this.flush());
    }
  }

  /** Speaks what is held back. */
  flush(): void {
    this.#cancel();
    const text = this.#text;
    this.#text = '';
    if (text.trim() !== '') this.#speak(text);
  }
}

/** Whether a text ends a sentence. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？।]["'”’)]?\s*$/.test(text);
}
