import { type Clock, systemClock } from '@firstword/turn';
import { tokenize } from '@livekit/agents';

/** Records when LiveKit's tokenizer would have sent the first sentence of the same text to the TTS. */
export class FirstSentence {
  readonly #stream = new tokenize.basic.SentenceTokenizer().stream();
  #atMs: number | undefined;

  constructor(clock: Clock = systemClock) {
    const read = async () => {
      const { done } = await this.#stream.next();
      if (!done) this.#atMs = clock.nowMs();
      if (!this.#stream.closed) this.#stream.close();
    };
    void read();
  }

  /** Clock time, ms; `undefined` while the sentence is incomplete. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  push(text: string): void {
    if (!this.#stream.closed) this.#stream.pushText(text);
  }

  /** The answer is complete or cancelled. */
  end(): void {
    if (!this.#stream.closed) this.#stream.endInput();
  }
}
