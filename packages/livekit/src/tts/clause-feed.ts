import type { Clause } from '@firstword/turn';

/** A clause to be synthesized. */
export interface SpokenClause {
  /** The text to speak. */
  text: string;
  kind: Clause['kind'];
  /** When it was ready, session clock. */
  readyMs: number;
  /** It belongs to a filler, not to the answer. */
  isFiller?: true;
}

/** The clauses of one answer, kept so that an attempt that failed before any sound can be repeated. */
export class ClauseFeed {
  readonly #pieces: SpokenClause[] = [];
  #ended = false;
  #waiting: (() => void)[] = [];

  /** Whether a clause has been added. */
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

  /** The clauses from `index` on, including those added later. */
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
