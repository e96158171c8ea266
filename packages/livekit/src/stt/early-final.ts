import { continuation, type WordsOptions } from '@firstword/turn';
import { stt } from '@livekit/agents';
import type { SegmentMemory } from './segments.js';

const { SpeechEventType: Type } = stt;

/** Options of `EarlyFinal`. */
export interface EarlyFinalOptions {
  /** The words that were emitted as final before the STT's own final. */
  given: string;
  segments: SegmentMemory;
  words: (language: string | undefined) => WordsOptions;
  /** The STT's final has other words while the turn is still open: they replace the given ones at the commit. */
  onCorrected: () => void;
  /**
   * The STT's final arrived after the commit. `given` is how history has the words; `other` is true if the words
   * themselves differ.
   */
  onLateFinal: (given: string, written: string, other: boolean) => void;
}

/** What remains of an STT event. `over`: it was the STT's own final, or its words belong to a new segment. */
export interface RemainingEvent {
  event: stt.SpeechEvent | undefined;
  over: boolean;
}

/**
 * A final that was emitted before the STT's own. Later events for the same audio must neither repeat words nor lose any:
 * repeated words are dropped, added words are passed on alone, and different words replace the given ones while the turn
 * is open. After the commit they correct the history; an answer of which nothing was played yet is generated again.
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
