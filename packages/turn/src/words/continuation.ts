import { commonStart, type Piece, piecesOf } from './pieces.js';
import { normalise, normalWords, sameWords, type WordsOptions } from './same-words.js';
import { divisionsOf } from './tokens.js';

/** How a transcript relates to an earlier one of the same turn. */
export type Continuation =
  /** The same words. */
  | { kind: 'same' }
  /** It begins with the same words; `rest` is the text that follows them, as written. */
  | { kind: 'more'; rest: string }
  /** It begins with at least half of the words: the engine corrected the rest. */
  | { kind: 'revised' }
  /** Different words. */
  | { kind: 'other' };

/**
 * Places that are examined on both sides of the likely one. The letters before a place do not always grow with it: "one
 * hundred and" has more than "one hundred and five".
 */
const NEIGHBOURS = 4;

/** How many words two lists have in common at their beginning. */
function sharedStart(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, i) => word !== b[i]);
  return differs < 0 ? a.length : differs;
}

const lettersOf = (words: readonly string[]): number => words.reduce((sum, { length }) => sum + length, 0);

/** The last place in a piece before which it has exactly these words. */
function placeAfter(words: readonly string[], piece: Piece, options: WordsOptions): number | undefined {
  const places = divisionsOf(piece.text);
  const letters = lettersOf(words);
  const wordsBefore = (at: number) => normalise(piece.text.slice(0, places[at]), options);
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lettersOf(wordsBefore(middle)) > letters) high = middle;
    else low = middle + 1;
  }
  for (let at = Math.min(places.length - 1, low - 1 + NEIGHBOURS); at >= low - 1 - NEIGHBOURS; at--) {
    const place = places[at];
    if (place === undefined) return undefined;
    const before = wordsBefore(at);
    if (before.length === words.length && sharedStart(words, before) === words.length) return place;
  }
  return undefined;
}

/** The text after the last place before which it has exactly these words. */
function restAfter(words: readonly string[], text: string, options: WordsOptions): string | undefined {
  let place: number | undefined;
  let left = words;
  for (const piece of piecesOf(text, options)) {
    if (left.length <= piece.words.length + NEIGHBOURS) {
      const found = placeAfter(left, piece, options);
      if (found !== undefined) place = piece.from + found;
    }
    if (sharedStart(piece.words, left) < piece.words.length) break;
    left = left.slice(piece.words.length);
  }
  return place === undefined ? undefined : text.slice(place).trim();
}

/** How the `later` transcript relates to the `earlier` one. Takes time linear in their length. */
export function continuation(earlier: string, later: string, options: WordsOptions = {}): Continuation {
  // Most transcripts only add to the earlier one: what both begin with need not be read again.
  const from = commonStart(earlier, later, options);
  const tail = later.slice(from);
  if (sameWords(earlier.slice(from), tail, options)) return { kind: 'same' };
  const rest = restAfter(normalWords(earlier.slice(from), options), tail, options);
  if (rest !== undefined && normalise(rest, options).length > 0) return { kind: 'more', rest };
  const words = normalWords(earlier, options);
  const shared = words.length === 0 ? 0 : sharedStart(words, normalWords(later, options)) / words.length;
  return { kind: shared >= 0.5 ? 'revised' : 'other' };
}
