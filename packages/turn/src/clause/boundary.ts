import { classifyStop, opensSentence } from './abbreviations.js';

/** Where a clause ends: `sentence` takes a full pause after it, `phrase` a short one. */
export interface Boundary {
  /** Index after the clause's last character; white space and closing marks after it are part of the clause. */
  end: number;
  kind: 'sentence' | 'phrase';
}

export interface BoundaryOptions {
  /** Whether marks inside a sentence (comma, semicolon, colon, dash) may end the clause, and from what length. */
  phraseFrom?: number;
  /** No text follows. */
  ended: boolean;
}

/** Closing quotes, brackets and Markdown emphasis belong to the sentence before them. */
const CLOSERS = /^[\p{Pe}\p{Pf}"'*_`~]*/u;
/** The terminators that also occur inside numbers, addresses and abbreviations. */
const STOPS = /^[.!?…．]+/u;
/** Scripts written without spaces between words; one of their characters takes about as long to say as three letters. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const LETTERS_PER_SPACELESS = 3;
/** Scripts that end neither words nor sentences with a mark: a space between their letters is what ends a clause. */
const UNMARKED = /[\p{Script=Thai}\p{Script=Lao}]/u;
/** From what length on such a space ends a clause that is not the first, in letters. */
const UNMARKED_FROM = 60;
/** A Markdown link or an HTML tag that is not complete: cut apart, its address would be spoken. */
const OPEN_MARKUP = /(?:\[[^\]\n]{0,200}|\]\([^)\s]{0,500}|<\/?[a-z][^>\n]{0,200})$/iu;

const SPOKEN = /[\p{L}\p{N}]/u;

/** How much speech a text is, in letters (about 15 make a second); marks, signs and white space count nothing. */
export function spokenLength(text: string): number {
  let length = 0;
  for (const char of text) {
    if (SPOKEN.test(char)) length += SPACELESS.test(char) ? LETTERS_PER_SPACELESS : 1;
  }
  return length;
}

/** Whether there is anything in the text that can be said aloud. */
export function isSpeakable(text: string): boolean {
  return SPOKEN.test(text);
}

/** Where the first clause of `text` ends; `undefined` while that cannot be told without more text. */
export function nextBoundary(text: string, options: BoundaryOptions): Boundary | undefined {
  // Before there is anything to say nothing ends: a model that has run wild writes line breaks by the thousand.
  const begun = text.search(SPOKEN);
  if (begun < 0) return undefined;
  for (let at = begun; at < text.length; at++) {
    const found = markAt(text, at, options);
    if (found === 'wait') return undefined;
    if (found && !OPEN_MARKUP.test(text.slice(0, found.end))) return found;
    // A run of stops is judged once, at its first.
    const run = STOPS.exec(text.slice(at))?.[0];
    if (run) at += run.length - 1;
  }
  return undefined;
}

type Found = Boundary | 'wait' | undefined;

function markAt(text: string, at: number, options: BoundaryOptions): Found {
  const char = text.charAt(at);
  if (char === '\n') return { end: pastSpace(text, at + 1), kind: 'sentence' };
  if (STOPS.test(char)) return stopAt(text, at, options);
  if (/\s/u.test(char)) return spaceAt(text, at, options);
  if (/[\p{STerm}།༎]/u.test(char)) return { end: pastClosers(text, at + 1), kind: 'sentence' };
  return softAt(text, at, options);
}

/** A full stop, `!`, `?` or ellipsis: the end only where white space or nothing follows, and sometimes not then. */
function stopAt(text: string, at: number, { ended, phraseFrom }: BoundaryOptions): Found {
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
  const stop = isEllipsis ? 'unsure' : run === '.' ? classifyStop(text.slice(0, at)) : 'ends';
  const isLineEnd = text.slice(afterClosers, end).includes('\n');
  if (stop === 'ends' || isLineEnd) return { end, kind: 'sentence' };
  if (stop === 'goes on') return undefined;
  if (end === text.length && !ended) return 'wait';
  const next = text.slice(end);
  if (stop === 'before a name') {
    const opens = opensSentence(next, { ended });
    if (opens === undefined) return 'wait';
    return opens ? { end, kind: 'sentence' } : undefined;
  }
  // Lower case or a figure ("No. 5") carries the sentence on; every other beginning is a new one.
  if (!/^[\p{Ll}\p{N}]/u.test(next)) return { end, kind: 'sentence' };
  return isEllipsis && isLongEnough(text.slice(0, at), phraseFrom) ? { end, kind: 'phrase' } : undefined;
}

/** A space that stands where other scripts have a mark; before figures and foreign words it does not. */
function spaceAt(text: string, at: number, { phraseFrom = UNMARKED_FROM }: BoundaryOptions): Found {
  if (!UNMARKED.test(text.charAt(at - 1))) return undefined;
  const end = pastSpace(text, at);
  return UNMARKED.test(text.charAt(end)) && isLongEnough(text.slice(0, at), phraseFrom)
    ? { end, kind: 'phrase' }
    : undefined;
}

/** A mark inside a sentence. Those of scripts without ASCII marks end a phrase at once, the others before a space. */
function softAt(text: string, at: number, { ended, phraseFrom }: BoundaryOptions): Found {
  const char = text.charAt(at);
  const isDash = /[–—]/u.test(char) || (char === '-' && /\s/u.test(text.charAt(at - 1)));
  if (!isDash && !/\p{Terminal_Punctuation}/u.test(char)) return undefined;
  if (!isLongEnough(text.slice(0, at), phraseFrom)) return undefined;
  const isAtOnce = !isDash && !/[,;:،]/u.test(char);
  if (at + 1 === text.length && !isAtOnce) return ended ? undefined : 'wait';
  const followsSpace = /\s/u.test(text.charAt(at + 1));
  const joinsWords = char === '—' && !/\p{N}/u.test(text.charAt(at + 1));
  if (!isAtOnce && !followsSpace && !joinsWords) return undefined;
  return { end: pastSpace(text, at + 1), kind: 'phrase' };
}

function isLongEnough(text: string, phraseFrom: number | undefined): boolean {
  return phraseFrom !== undefined && spokenLength(text) >= phraseFrom;
}

function pastClosers(text: string, from: number): number {
  const more = /^[\p{STerm}]*/u.exec(text.slice(from))![0].length;
  return pastSpace(text, from + more + CLOSERS.exec(text.slice(from + more))![0].length);
}

function pastSpace(text: string, from: number): number {
  return from + /^\s*/u.exec(text.slice(from))![0].length;
}
