import { type Clock, spokenLength } from '@firstword/turn';
import type { SpokenClause } from './clause-feed.js';

/** Past this no commit is awaited, ms: LiveKit's longest wait for one is 2.5 s. */
const COMMIT_TIMEOUT_MS = 4000;
/** Speech that covers the making of what follows it: about a second. */
const MAX_LETTERS_BEFORE_COMMIT = 15;

/**
 * Lets the beginning of a speculation's answer through, and the rest at the commit: most of what is spoken for a
 * speculation that comes to nothing would be wasted, and on a small machine it would be in the way of the next one.
 */
export class SpeculativeLimit {
  readonly #over: Promise<void>;
  readonly #passed = new Set<SpokenClause>();
  #letters = 0;
  #isOver = false;

  /** @param options.committed the turn that is answered has been committed */
  constructor(options: { committed: Promise<void>; signal: AbortSignal; clock: Clock }) {
    const { committed, signal, clock } = options;
    this.#over = new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#isOver = true;
        resolve();
      };
      const cancel = clock.schedule(COMMIT_TIMEOUT_MS, end);
      if (signal.aborted) return end();
      signal.addEventListener('abort', end, { once: true });
      void committed.then(end);
    });
  }

  /** Everything is let through. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when the clause may be spoken; at once where it was let through before. */
  async pass(piece: SpokenClause): Promise<void> {
    if (this.#passed.has(piece)) return;
    if (this.#letters >= MAX_LETTERS_BEFORE_COMMIT) await this.#over;
    this.#passed.add(piece);
    this.#letters += spokenLength(piece.text);
  }
}
