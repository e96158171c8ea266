import { ClauseCutter } from '@firstword/turn';
import type { TTSRequest } from './wrapped-tts.js';

/** Most open requests: the clause being read, and the next. */
const MAX_REQUESTS = 2;

/**
 * The clauses of an answer through a TTS that takes one text a request: a request for each, read one after the other. To its
 * reader it looks like one stream.
 */
export class ClauseRequests implements TTSRequest {
  readonly #request: (text: string) => TTSRequest;
  readonly #cutter = new ClauseCutter();
  readonly #texts: string[] = [];
  readonly #open: TTSRequest[] = [];
  #ended = false;
  #closed = false;
  #wake = () => {};

  /** @param request makes the request for one text */
  constructor(request: (text: string) => TTSRequest) {
    this.#request = request;
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(text: string): void {
    this.#texts.push(text);
    this.#fill();
  }

  write(text: string): void {
    for (const clause of this.#cutter.push(text)) this.push(clause.text.trim());
  }

  endInput(): void {
    for (const clause of this.#cutter.end()) this.push(clause.text.trim());
    this.#ended = true;
    this.#wake();
  }

  async *audio(): AsyncGenerator<Int16Array> {
    try {
      while (!this.#closed) {
        const current = this.#open[0];
        if (current) {
          yield* current.audio();
          this.#open.shift();
          this.#fill();
        } else if (this.#ended) return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#open) request.close();
    this.#wake();
  }

  #fill(): void {
    while (!this.#closed && this.#open.length < MAX_REQUESTS) {
      const text = this.#texts.shift();
      if (text === undefined) break;
      this.#open.push(this.#request(text));
    }
    this.#wake();
  }
}
