import { classifyStop, opensSentence } from './abbreviations.js';
import { tagEnd } from './speech-tags.js';

/** Where a clause ends. A speaker makes a full pause after a `sentence` and a short one after a `phrase`. */
export interface Boundary {
  /** Index after the clause's last character. White space and closing marks after it are part of the clause. */
  end: number;
  kind: 'sentence' | 'phrase';
}

/** What `nextBoundary` may take as the end of a clause. */
export interface BoundaryOptions {
  /**
   * Length from which a mark inside a sentence (comma, semicolon, colon, dash) ends the clause, in letters. Where it is
   * left out, such a mark never ends one.
   */
  phraseFrom?: number;
  /** Whether this is the whole text, so that nothing follows. */
  ended: boolean;
  /** Where there is no boundary within this length, the text is `too long`, in letters. Default: no limit. */
  maxLetters?: number;
}

/**
 * How far a growing text has been examined. Without it every added word would cost as much as the whole text, which
 * blocks the event loop on long text that contains nothing to cut at.
 */
export interface Scan {
  /** Nothing before this index ends a clause, whatever text is added. */
  at: number;
  /** Length of the text before it, in letters. */
  letters: number;
}

/** Closing quotes, brackets and Markdown emphasis belong to the sentence before them. */
const CLOSERS = /^[\p{Pe}\p{Pf}"'*_`~]*/u;
/** The terminators that also occur inside numbers, addresses and abbreviations. */
const STOPS = /^[.!?…．]+/u;
/**
 * Scripts written without spaces between words. One of their characters takes about as long to say as three letters.
 */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const LETTERS_PER_SPACELESS = 3;
/** Scripts without marks at the end of words or sentences. A space between their letters ends a clause. */
const UNMARKED = /[\p{Script=Thai}\p{Script=Lao}]/u;
/** Length from which such a space ends a clause other than the first, in letters. */
const UNMARKED_FROM = 60;
/**
 * An incomplete Markdown link, or pronunciation in braces. If it were cut here, its address would be spoken. No part contains its own
 * beginning again, so that the time is linear.
 */
const OPEN_MARKUP = /(?:\[[^[\]\n]{0,200}|\{[^{}\n]{0,200}|\]\((?:(?!\]\()[^)\s]){0,500})$/u;
/** Length of the longest text that `OPEN_MARKUP` matches. */
const OPEN_MARKUP_CHARS = 502;

const SPOKEN = /[\p{L}\p{N}]/u;

/** Length of a text when spoken, in letters (about 15 a second). Marks, signs and white space count as 0. */
export function spokenLength(text: string): number {
  let length = 0;
  for (const char of text) {
    if (SPOKEN.test(char)) length += SPACELESS.test(char) ? LETTERS_PER_SPACELESS : 1;
  }
  return length;
}

/** Whether the text contains anything that can be spoken. */
export function isSpeakable(text: string): boolean {
  return SPOKEN.test(text);
}

/**
 * Where the first clause of `text` ends; `undefined` if that cannot be known without more text.
 * @param scan how far the text was examined before; updated. Begin a new one where the text does not only grow.
 */
export function nextBoundary(
  text: string,
  options: BoundaryOptions,
  scan: Scan = { at: 0, letters: 0 },
): Boundary | 'too long' | undefined {
  const { maxLetters = Number.POSITIVE_INFINITY } = options;
  let { letters } = scan;
  let isSettled = true;
  const settle = (at: number) => {
    if (isSettled) Object.assign(scan, { at, letters });
    isSettled = false;
  };
  for (let at = scan.at; at < text.length; at++) {
    const tagged = text.charAt(at) === '<' ? tagEnd(text, at, options) : undefined;
    if (tagged === 'open') {
      settle(at);
      return undefined;
    }
    if (tagged !== undefined) {
      letters += spokenLength(text.slice(at, tagged).replace(/<[^<>]*>/gu, ''));
      at = tagged - 1;
      continue;
    }
    const spoken = spokenLength(String.fromCodePoint(text.codePointAt(at)!));
    letters += spoken;
    if (letters > maxLetters) return 'too long';
    // Skip leading text that cannot be spoken: a faulty model may write thousands of line breaks.
    if (spoken > 0 || letters === 0) continue;
    const found = markAt(text, at, { ...options, letters });
    if (found === 'wait' || found === 'open') settle(at);
    if (found === 'wait') return undefined;
    if (found && found !== 'open') {
      if (!isOpenMarkup(text, found.end)) return found;
      if (found.end === text.length) settle(at);
    }
    // A run of stops is one mark, already examined at its first character.
    const run = STOPS.exec(text.slice(at))?.[0];
    if (run) at += run.length - 1;
  }
  settle(text.length);
  return undefined;
}

const isOpenMarkup = (text: string, end: number): boolean =>
  OPEN_MARKUP.test(text.slice(Math.max(0, end - OPEN_MARKUP_CHARS), end));

/** `wait`: the text that follows decides, and nothing after this mark can. `open`: it may, and a later mark may too. */
type Found = Boundary | 'wait' | 'open' | undefined;

/** The options, and the length of the text before the mark, in letters. */
type MarkOptions = BoundaryOptions & { letters: number };

function markAt(text: string, at: number, options: MarkOptions): Found {
  const char = text.charAt(at);
  if (char === '\n') return { end: pastSpace(text, at + 1), kind: 'sentence' };
  if (STOPS.test(char)) return stopAt(text, at, options);
  if (/\s/u.test(char)) return spaceAt(text, at, options);
  if (/[\p{STerm}།༎]/u.test(char)) return { end: pastClosers(text, at + 1), kind: 'sentence' };
  return softAt(text, at, options);
}

/** A full stop, `!`, `?` or ellipsis. It can end a clause only before white space or at the end of the text. */
function stopAt(text: string, at: number, { ended, phraseFrom, letters }: MarkOptions): Found {
  const run = STOPS.exec(text.slice(at))![0];
  const afterRun = at + run.length;
  const afterClosers = afterRun + CLOSERS.exec(text.slice(afterRun))![0].length;
  if (afterClosers === text.length) return ended ? { end: afterClosers, kind: 'sentence' } : 'wait';
  const following = text.slice(afterClosers);
  if (!/^\s/u.test(following)) {
    return SPACELESS.test(following.charAt(0)) ? { end: afterClosers, kind: 'sentence' } : undefined;
  }
  const end = pastSpace(text, afterClosers);
  const isEllipsis = /^(?:\.{2,}|…+)$/u.test(run);
  const stop = isEllipsis ? 'unsure' : run === '.' ? classifyStop(text, at) : 'ends';
  const isLineEnd = text.slice(afterClosers, end).includes('\n');
  if (stop === 'ends' || isLineEnd) return { end, kind: 'sentence' };
  if (stop === 'continues') return end === text.length ? 'open' : undefined;
  if (end === text.length && !ended) return 'wait';
  const next = text.slice(end);
  if (stop === 'before a name') {
    const opens = opensSentence(next, { ended });
    if (opens === undefined) return 'wait';
    return opens ? { end, kind: 'sentence' } : undefined;
  }
  // Lower case or a digit ("No. 5") continues the sentence; anything else begins a new one.
  if (!/^[\p{Ll}\p{N}]/u.test(next)) return { end, kind: 'sentence' };
  return isEllipsis && isLongEnough(letters, phraseFrom) ? { end, kind: 'phrase' } : undefined;
}

/** A space that ends a phrase in scripts without marks. Before a digit or a foreign word it does not. */
function spaceAt(text: string, at: number, { phraseFrom = UNMARKED_FROM, letters }: MarkOptions): Found {
  if (!UNMARKED.test(text.charAt(at - 1))) return undefined;
  const end = pastSpace(text, at);
  if (end === text.length) return 'open';
  return UNMARKED.test(text.charAt(end)) && isLongEnough(letters, phraseFrom)
    ? { end, kind: 'phrase' }
    : undefined;
}

/** A mark inside a sentence. Marks of non-ASCII scripts end a phrase immediately, the others only before a space. */
function softAt(text: string, at: number, { ended, phraseFrom, letters }: MarkOptions): Found {
  const char = text.charAt(at);
  const isDash = /[–—]/u.test(char) || (char === '-' && /\s/u.test(text.charAt(at - 1)));
  if (!isDash && !/\p{Terminal_Punctuation}/u.test(char)) return undefined;
  if (!isLongEnough(letters, phraseFrom)) return undefined;
  const isAtOnce = !isDash && !/[,;:،]/u.test(char);
  if (at + 1 === text.length && !isAtOnce) return ended ? undefined : 'wait';
  const followsSpace = /\s/u.test(text.charAt(at + 1));
  const joinsWords = char === '—' && !/\p{N}/u.test(text.charAt(at + 1));
  if (!isAtOnce && !followsSpace && !joinsWords) return undefined;
  return { end: pastSpace(text, at + 1), kind: 'phrase' };
}

const isLongEnough = (letters: number, phraseFrom: number | undefined): boolean =>
  phraseFrom !== undefined && letters >= phraseFrom;

function pastClosers(text: string, from: number): number {
  const more = /^[\p{STerm}]*/u.exec(text.slice(from))![0].length;
  return pastSpace(text, from + more + CLOSERS.exec(text.slice(from + more))![0].length);
}

function pastSpace(text: string, from: number): number {
  return from + /^\s*/u.exec(text.slice(from))![0].length;
}
