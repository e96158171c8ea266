import type { EndOfTurnDetector, EndOfTurnQuestion } from '@firstword/turn';
import { FirstwordError } from '@firstword/turn';

/** An STT that ends the turn is sure of it: how sure it must be is its own setting (Flux: `eotThreshold`). */
const ENDED = 0.9;

/**
 * The end of turn of an STT that reports one (Deepgram Flux, AssemblyAI) as a detector: it answers when the STT has ended the
 * turn, and until then the session waits as if unsure.
 */
export class SttEndOfTurn implements EndOfTurnDetector {
  readonly name = 'stt';
  /** No audio is needed. */
  readonly windowMs = 0;
  #hasEnded = false;
  #answer = (_probability: number) => {};

  predict({ signal }: EndOfTurnQuestion): Promise<number> {
    if (this.#hasEnded) return Promise.resolve(ENDED);
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      signal.addEventListener('abort', () => reject(new FirstwordError('aborted', 'not asked any more')), {
        once: true,
      });
    });
  }

  /** The STT has ended the turn, or has heard more of it. */
  onTurn(hasEnded: boolean): void {
    this.#hasEnded = hasEnded;
    if (hasEnded) this.#answer(ENDED);
  }
}
