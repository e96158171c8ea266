import { changedWords } from '../stt/text.js';
import type { SttUpdate } from '../stt/update.js';
import type { UtteranceFault } from './speech-fault.js';

/** Passes the updates of one utterance on, changed by its fault. */
export class UtteranceReporter {
  readonly #fault: UtteranceFault | undefined;
  readonly #report: (update: SttUpdate) => void;
  readonly #later: (delayMs: number, work: () => void) => void;
  #held: SttUpdate[] = [];

  constructor(options: {
    fault: UtteranceFault | undefined;
    report: (update: SttUpdate) => void;
    later: (delayMs: number, work: () => void) => void;
  }) {
    this.#fault = options.fault;
    this.#report = options.report;
    this.#later = options.later;
  }

  report(update: SttUpdate): void {
    if (this.#fault?.kind === 'confidence-one') this.#report({ ...update, confidence: 1 });
    else if (update.kind === 'final') this.#reportFinal(update);
    else if (update.kind === 'interim') this.#reportInterim(update);
    else this.#report(update);
  }

  #reportInterim(update: SttUpdate): void {
    if (this.#fault?.kind === 'no-interims') return;
    if (this.#fault?.kind === 'final-first') this.#held.push(update);
    else this.#report(update);
  }

  #reportFinal(update: SttUpdate): void {
    const fault = this.#fault;
    switch (fault?.kind) {
      case 'no-final':
        return;
      case 'final-late':
        this.#later(fault.delayMs, () => this.#report(update));
        return;
      case 'final-empty':
        this.#report({ ...update, words: [] });
        return;
      case 'final-changed':
        this.#report({ ...update, words: changedWords(update.words) });
        return;
      case 'final-twice':
        this.#report(update);
        this.#report(update);
        return;
      default:
        this.#report(update);
        for (const interim of this.#held) this.#report(interim);
    }
  }
}
