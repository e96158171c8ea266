import { FirstwordError } from '../errors.js';
import { type Boundary, isSpeakable, nextBoundary, spokenLength } from './boundary.js';

/** A part of an answer that can be spoken on its own. */
export interface Clause {
  /** The text as written, including the white space after it. */
  text: string;
  /** Whether it ends with the sentence, or inside one. */
  kind: Boundary['kind'];
}

/** Where `ClauseCutter` may cut. */
export interface ClauseOptions {
  /**
   * Length from which a comma, semicolon, colon or dash ends the **first** clause, in letters (a Chinese or Japanese
   * character counts as three); greater than 0. Default 15, about a second of speech: long enough for a natural
   * intonation, and for the TTS to synthesize the next clause meanwhile. `Infinity` allows whole sentences only.
   */
  firstPhraseLetters?: number;
  /**
   * A sentence longer than this is cut at its last comma or space, so that text without full stops is spoken too. In
   * letters, greater than 0. Default 240, about 16 s of speech.
   */
  maxLetters?: number;
}

/**
 * Cuts streamed text into clauses: the first as soon as it can be spoken, the later ones a whole sentence each. A
 * sentence ends when its stop is followed by white space, or immediately if the stop is unambiguous (`।` `。` `؟`). An
 * ambiguous stop ("6 p.m.") waits for the next word. The joined texts of the clauses equal the pushed text, except for
 * a rest that contains nothing to speak.
 */
export class ClauseCutter {
  readonly #firstPhraseLetters: number;
  readonly #maxLetters: number;
  #text = '';
  #isFirst = true;

  /** @throws FirstwordError `bad_input` if a length is not greater than 0. */
  constructor(options: ClauseOptions = {}) {
    this.#firstPhraseLetters = options.firstPhraseLetters ?? 15;
    this.#maxLetters = options.maxLetters ?? 240;
    if (!(this.#firstPhraseLetters > 0 && this.#maxLetters > 0)) {
      throw new FirstwordError('bad_input', 'firstPhraseLetters and maxLetters must be greater than 0.');
    }
  }

  /** Adds text and returns the clauses that it completed. */
  push(text: string): Clause[] {
    this.#text += text;
    return this.#cut(false);
  }

  /** Ends the text and returns the remaining clauses. The cutter can then be used for another answer. */
  end(): Clause[] {
    const clauses = this.#cut(true);
    if (isSpeakable(this.#text)) clauses.push({ text: this.#text, kind: 'sentence' });
    this.#text = '';
    this.#isFirst = true;
    return clauses;
  }

  /**
   * The first clause, if it would end here whatever the next word is. Its speech can be requested before that word
   * arrives. `undefined` if the next word decides ("6 p.m."), or after a single letter, which may begin an abbreviation.
   */
  get provisionalClause(): Clause | undefined {
    if (!this.#isFirst || /(?<!\p{L})\p{L}\.$/u.test(this.#text)) return undefined;
    const options = { ended: false, phraseFrom: this.#firstPhraseLetters };
    const boundary = nextBoundary(`${this.#text} a`, options);
    if (boundary?.end !== this.#text.length + 1) return undefined;
    return { text: this.#text, kind: boundary.kind };
  }

  #cut(ended: boolean): Clause[] {
    const clauses: Clause[] = [];
    for (;;) {
      const boundary = this.#next(ended);
      if (!boundary) return clauses;
      clauses.push({ text: this.#text.slice(0, boundary.end), kind: boundary.kind });
      this.#text = this.#text.slice(boundary.end);
      this.#isFirst = false;
    }
  }

  #next(ended: boolean): Boundary | undefined {
    const options = this.#isFirst ? { ended, phraseFrom: this.#firstPhraseLetters } : { ended };
    const boundary = nextBoundary(this.#text, options);
    const clause = boundary ? this.#text.slice(0, boundary.end) : this.#text;
    return spokenLength(clause) > this.#maxLetters ? tooLong(clause, this.#maxLetters) : boundary;
  }
}

/** The best place to cut a text that is too long. */
function tooLong(text: string, maxLetters: number): Boundary {
  let reach = 0;
  let letters = 0;
  for (const char of text) {
    letters += spokenLength(char);
    if (letters > maxLetters && isSpeakable(text.slice(0, reach))) break;
    reach += char.length;
  }
  const within = text.slice(0, reach);
  const phrase = /^.*[\p{Terminal_Punctuation}–—]\s+(?=\S)/su.exec(within)?.[0];
  const words = /^.*\s(?=\S)/su.exec(within)?.[0];
  const cut = [phrase, words].find((part) => part !== undefined && isSpeakable(part));
  return { end: (cut ?? within).length, kind: 'phrase' };
}
