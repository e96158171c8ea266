import { continuation, type WordsOptions } from '@firstword/turn';
import { stt } from '@livekit/agents';
import type { SegmentMemory } from './segments.js';

const { SpeechEventType: Type } = stt;

export interface EarlyFinalOptions {
  /** The words that were told as final ahead of the engine. */
  given: string;
  segments: SegmentMemory;
  words: (language: string | undefined) => WordsOptions;
  /** The engine's final says other words, and the turn is still open: it will be corrected at the commit. */
  onCorrected: () => void;
  /**
   * The engine has written the words of a turn that is committed already; `given` is how history has them, `other` says
   * that they are not the same words.
   */
  onLateFinal: (given: string, written: string, other: boolean) => void;
}

/** What is left of an engine's event; `over`: it was the engine's own final, or the words are of a new segment. */
export interface RemainingEvent {
  event: stt.SpeechEvent | undefined;
  over: boolean;
}

/**
 * A final that was told ahead of the engine's own. Whatever the engine still says of the same audio must neither double
 * words nor lose any: what is the same is swallowed, what follows is passed on alone, and other words replace those
 * given as long as the turn is open. After the commit they correct what history shows; an answer of which nothing has been
 * heard is asked anew.
 */
export class EarlyFinal {
  readonly #options: EarlyFinalOptions;
  #committed = false;

  constructor(options: EarlyFinalOptions) {
    this.#options = options;
  }

  committed(): void {
    this.#committed = true;
  }

  process(event: stt.SpeechEvent): RemainingEvent {
    const data = event.alternatives?.[0];
    if (!data?.text) return { event, over: false };
    const final = event.type === Type.FINAL_TRANSCRIPT;
    const found = continuation(this.#options.given, data.text, this.#options.words(data.language));
    if (found.kind === 'more') {
      const written = data.text.slice(0, data.text.lastIndexOf(found.rest)).trim();
      if (final) this.#write(written, false);
      const alternatives: stt.SpeechEvent['alternatives'] = [{ ...data, text: found.rest }];
      return { event: { ...event, alternatives }, over: final };
    }
    if (found.kind === 'other' && this.#committed) return { event, over: true };
    if (final) this.#write(data.text, found.kind !== 'same');
    return { event: undefined, over: final };
  }

  #write(written: string, other: boolean): void {
    const { given, segments, onCorrected, onLateFinal } = this.#options;
    if (this.#committed) {
      if (!segments.setWritten(given, { written })) onLateFinal(given, written, other);
      return;
    }
    segments.setWritten(given, { written, corrected: other });
    if (other) onCorrected();
  }
}
