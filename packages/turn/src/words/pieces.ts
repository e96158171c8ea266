import { languageWords } from './languages.js';
import { fold, normalise, type WordsOptions } from './same-words.js';
import { DIVISION, divisionsOf, isSpaceless } from './tokens.js';

/** A part of a text, with its words. */
export interface Piece {
  /** Where it begins in the text. */
  from: number;
  text: string;
  words: string[];
}

/** Length from which a piece ends at the next place where the words on both sides do not influence each other. */
const MIN_PIECE = 100;
/** Length from which it ends anywhere between two words: spoken numbers of this length are read as two. */
const MAX_PIECE = 400;
/** Characters around a place that are examined. Longer words are treated as if they might influence their neighbours. */
const CONTEXT = 24;
/** Characters of numbers, and vowels that belong to the letter before them. */
const DEPENDENT = /[零〇一二两兩三四五六七八九十百千万萬\p{M}\u0e33\u0eb3]/u;
/** Words that a rule reads together with their neighbours, besides number words and fillers. */
const PAIRED = /^(?:uh|huh|h?m+|oclock)$/;

/** Whether a word has the same normal form whatever stands beside it. */
function isIndependent(word: string, options: WordsOptions): boolean {
  const { filler, numbers } = languageWords(options.language);
  const plain = fold(word);
  if (PAIRED.test(plain) || filler.test(plain) || options.fillers?.includes(plain)) return false;
  if (numbers === undefined) return true;
  return (
    plain !== numbers.joiner &&
    numbers.cardinal(plain) === undefined &&
    !numbers.multipliers.has(plain) &&
    !numbers.ordinals?.has(plain)
  );
}

/** Whether the words before `at` and from `at` on can be computed apart from each other. */
function isJoint(text: string, at: number, options: WordsOptions): boolean {
  const [before, after] = [text.slice(Math.max(0, at - CONTEXT), at), text.slice(at, at + CONTEXT)];
  const left = /\P{M}\p{M}*$/u.exec(before)?.[0] ?? '';
  const right = /^\P{M}/u.exec(after)?.[0] ?? '';
  if (isSpaceless(left) && isSpaceless(right)) {
    const isInFiller = (one: string) => one.includes(left) || one.includes(right);
    const { spacelessFiller } = languageWords(options.language);
    const fillers = [...(spacelessFiller ? [spacelessFiller.source] : []), ...(options.fillers ?? [])];
    return !DEPENDENT.test(left + right) && !fillers.some(isInFiller);
  }
  const word = /(?<=\s)[\p{L}\p{M}]+$/u.exec(before)?.[0];
  const next = /^\s+([\p{L}\p{M}]+)\s/u.exec(after)?.[1];
  return (
    word !== undefined && next !== undefined && isIndependent(word, options) && isIndependent(next, options)
  );
}

/**
 * A place near the end of the text that `a` and `b` begin with, such that the words on both sides of it can be computed apart
 * from each other; 0 if there is none.
 */
export function commonStart(a: string, b: string, options: WordsOptions): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  const from = Math.max(0, length - MAX_PIECE);
  const places = divisionsOf(a.slice(from, Math.max(from, length - CONTEXT)));
  return from + (places.findLast((at) => isJoint(a, from + at, options)) ?? -from);
}

/**
 * Divides a text so that the words of its pieces, joined, are its words. The search for a place in a text then examines
 * one piece again and again, not the whole text.
 */
export function* piecesOf(text: string, options: WordsOptions): Generator<Piece> {
  let from = 0;
  const piece = (to: number): Piece => {
    const part = text.slice(from, to);
    return { from, text: part, words: normalise(part, options) };
  };
  for (;;) {
    const places = new RegExp(DIVISION);
    places.lastIndex = from + MIN_PIECE;
    let to = text.length;
    for (const { index } of text.matchAll(places)) {
      if (index - from < MAX_PIECE && !isJoint(text, index, options)) continue;
      to = index;
      break;
    }
    if (to >= text.length) break;
    yield piece(to);
    from = to;
  }
  yield piece(text.length);
}
