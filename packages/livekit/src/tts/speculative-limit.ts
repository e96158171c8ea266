import { type Clock, spokenLength } from '@firstword/turn';
import type { SpokenClause } from './clause-feed.js';

/** No commit follows later than this, ms: LiveKit's longest end-of-turn wait is 2.5 s. */
const COMMIT_TIMEOUT_MS = 4000;
/** About a second of speech: long enough to synthesize what follows it meanwhile. */
const MAX_LETTERS_BEFORE_COMMIT = 15;

/**
 * Limits how much of a speculation's answer is synthesized before the commit: the first clauses, the rest after it. Audio
 * for a speculation that is cancelled is wasted, and on a small machine it delays the next speculation.
 */
export class SpeculativeLimit {
  readonly #over: Promise<void>;
  readonly #passed = new Set<SpokenClause>();
  #letters = 0;
  #isOver = false;

  /** @param options.committed resolves when the answered turn is committed */
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

  /** Whether the limit has been lifted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when the clause may be synthesized; at once if it passed before. */
  async pass(piece: SpokenClause): Promise<void> {
    if (this.#passed.has(piece)) return;
    if (this.#letters >= MAX_LETTERS_BEFORE_COMMIT) await this.#over;
    this.#passed.add(piece);
    this.#letters += spokenLength(piece.text);
  }
}
