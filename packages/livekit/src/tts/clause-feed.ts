import type { Clause } from '@firstword/turn';

/** A clause on its way to the voice. */
export interface SpokenClause {
  /** What is to be spoken. */
  text: string;
  kind: Clause['kind'];
  /** When it was ready, session clock. */
  readyMs: number;
  /** It is said while the answer is on its way, and not part of it. */
  isFiller?: true;
}

/** The clauses of one answer, kept so that an attempt that failed unheard can be made again. */
export class ClauseFeed {
  readonly #pieces: SpokenClause[] = [];
  #ended = false;
  #waiting: (() => void)[] = [];

  /** A clause has been added. */
  get started(): boolean {
    return this.#pieces.length > 0;
  }

  add(piece: SpokenClause): void {
    this.#pieces.push(piece);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The pieces from one on, those to come included. */
  async *from(index: number): AsyncGenerator<SpokenClause> {
    for (let at = index; ; at++) {
      while (at >= this.#pieces.length) {
        if (this.#ended) return;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      yield this.#pieces[at]!;
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
