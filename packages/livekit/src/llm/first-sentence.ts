import { type Clock, systemClock } from '@firstword/turn';
import { tokenize } from '@livekit/agents';

/** Notes when LiveKit's own tokenizer, fed the same text, lets the first sentence go to a voice. */
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

  /** Clock time, ms; `undefined` as long as it holds the sentence back. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  push(text: string): void {
    if (!this.#stream.closed) this.#stream.pushText(text);
  }

  /** The answer is complete, or nobody wants the rest. */
  end(): void {
    if (!this.#stream.closed) this.#stream.endInput();
  }
}
