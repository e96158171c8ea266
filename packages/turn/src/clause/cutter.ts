import { FirstwordError } from '../errors.js';
import { type Boundary, isSpeakable, nextBoundary, type Scan, spokenLength } from './boundary.js';
import { tagEnd } from './speech-tags.js';

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
  #scan: Scan = { at: 0, letters: 0 };
  /** The first half of a character whose second half has not been pushed yet. */
  #half = '';
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
    const whole = this.#half + text;
    const isHalf = /[\uD800-\uDBFF]$/.test(whole.slice(-1));
    this.#half = isHalf ? whole.slice(-1) : '';
    this.#text += isHalf ? whole.slice(0, -1) : whole;
    return this.#cut(false);
  }

  /** Ends the text and returns the remaining clauses. The cutter can then be used for another answer. */
  end(): Clause[] {
    this.#text += this.#half;
    const clauses = this.#cut(true);
    if (isSpeakable(this.#text)) clauses.push({ text: this.#text, kind: 'sentence' });
    this.#half = '';
    this.#rest('');
    this.#isFirst = true;
    return clauses;
  }

  /** What is left after a cut: it is examined from its beginning. */
  #rest(text: string): void {
    this.#text = text;
    this.#scan = { at: 0, letters: 0 };
  }

  /**
   * The first clause, if it would end here whatever the next word is. Its speech can be requested before that word
   * arrives. `undefined` if the next word decides ("6 p.m."), or after a single letter, which may begin an abbreviation.
   */
  get provisionalClause(): Clause | undefined {
    if (!this.#isFirst || /(?<!\p{L})\p{L}\.$/u.test(this.#text.slice(-4))) return undefined;
    const options = { ended: false, phraseFrom: this.#firstPhraseLetters };
    const boundary = nextBoundary(`${this.#text} a`, options, { ...this.#scan });
    if (boundary === 'too long' || boundary?.end !== this.#text.length + 1) return undefined;
    return { text: this.#text, kind: boundary.kind };
  }

  /** Takes the provisional clause as complete: nothing follows it for now. `undefined` if there is none. */
  takeProvisional(): Clause | undefined {
    const clause = this.provisionalClause;
    if (!clause) return undefined;
    this.#rest('');
    this.#isFirst = false;
    return clause;
  }

  #cut(ended: boolean): Clause[] {
    const clauses: Clause[] = [];
    for (;;) {
      const boundary = this.#next(ended);
      if (!boundary) return clauses;
      clauses.push({ text: this.#text.slice(0, boundary.end), kind: boundary.kind });
      this.#rest(this.#text.slice(boundary.end));
      this.#isFirst = false;
    }
  }

  #next(ended: boolean): Boundary | undefined {
    const maxLetters = this.#maxLetters;
    const options = this.#isFirst
      ? { ended, maxLetters, phraseFrom: this.#firstPhraseLetters }
      : { ended, maxLetters };
    const boundary = nextBoundary(this.#text, options, this.#scan);
    return boundary === 'too long' ? tooLong(this.#text, maxLetters) : boundary;
  }
}

/** The best place to cut a text that is too long. Tags, and content that belongs together, are not cut. */
function tooLong(text: string, maxLetters: number): Boundary {
  let within = '';
  let letters = 0;
  while (within.length < text.length) {
    const at = within.length;
    const tagged = text.charAt(at) === '<' ? tagEnd(text, at, { ended: true }) : undefined;
    const end = typeof tagged === 'number' ? tagged : at + String.fromCodePoint(text.codePointAt(at)!).length;
    const part = text.slice(at, end);
    letters += spokenLength(part.replace(/<[^<>]*>/gu, ''));
    if (letters > maxLetters && isSpeakable(within)) break;
    // Marks and spaces inside a tag are no place to cut.
    within += tagged === undefined ? part : 'x'.repeat(part.length);
  }
  const phrase = /^.*[\p{Terminal_Punctuation}–—]\s+(?=\S)/su.exec(within)?.[0];
  const words = /^.*\s(?=\S)/su.exec(within)?.[0];
  const cut = [phrase, words].find((part) => part !== undefined && isSpeakable(part));
  return { end: (cut ?? within).length, kind: 'phrase' };
}
