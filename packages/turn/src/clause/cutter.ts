import { FirstwordError } from '../errors.js';
import { type Boundary, isSpeakable, nextBoundary, spokenLength } from './boundary.js';

/** A piece of an answer that can be spoken by itself. */
export interface Clause {
  /** The text as it was written, white space after it included. */
  text: string;
  /** What it ends with: a whole sentence, or a phrase inside one. */
  kind: Boundary['kind'];
}

export interface ClauseOptions {
  /**
   * From this many letters on, a comma, semicolon, colon or dash ends the **first** clause (a Chinese or Japanese
   * character counts as three). Default 15: about a second of speech, enough to have an intonation of its own and to
   * cover the making of what follows. Set `Infinity` for whole sentences only.
   */
  firstPhraseLetters?: number;
  /**
   * A sentence longer than this many letters is cut at its last comma or space, so that text without stops is spoken
   * too. Default 240, about 16 s of speech.
   */
  maxLetters?: number;
}

/**
 * Cuts text that arrives in pieces into clauses: the first as soon as it is fit to be spoken, later ones a sentence
 * each. A sentence leaves when its stop is followed by white space, or at once where the stop can be nothing else
 * (`।` `。` `؟` and the like); only an unclear stop ("6 p.m.") waits for the next word. The clauses' texts, joined, are
 * the text that was pushed, less ends that have nothing in them to speak.
 */
export class ClauseCutter {
  readonly #firstPhraseLetters: number;
  readonly #maxLetters: number;
  #text = '';
  #isFirst = true;

  /** @throws FirstwordError `bad_input` where a length is not a positive number. */
  constructor(options: ClauseOptions = {}) {
    this.#firstPhraseLetters = options.firstPhraseLetters ?? 15;
    this.#maxLetters = options.maxLetters ?? 240;
    if (!(this.#firstPhraseLetters > 0 && this.#maxLetters > 0)) {
      throw new FirstwordError('bad_input', 'firstPhraseLetters and maxLetters must be greater than 0.');
    }
  }

  /** Takes more text; returns the clauses that it completed. */
  push(text: string): Clause[] {
    this.#text += text;
    return this.#cut(false);
  }

  /** No more text comes: returns what is left. The cutter can then be used for another answer. */
  end(): Clause[] {
    const clauses = this.#cut(true);
    if (isSpeakable(this.#text)) clauses.push({ text: this.#text, kind: 'sentence' });
    this.#text = '';
    this.#isFirst = true;
    return clauses;
  }

  /**
   * The first clause, where any word that came next would end it: it can be made while that word is awaited. An end
   * that hangs on the word ("6 p.m.") is none, nor is a stop after a single letter, which begins an abbreviation.
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

/** The best place to cut a text that has gone on for too long. */
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
