import { sameWords, type WordsOptions, wordsOf } from './same-words.js';

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

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Scripts written without spaces between words. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

/** Indexes at which a text may be divided, the last first. */
function divisions(text: string): number[] {
  const places = SPACELESS.test(text)
    ? [...GRAPHEMES.segment(text)].map(({ index }) => index)
    : [...text.matchAll(/\s+/g)].map(({ index }) => index);
  return places.reverse();
}

/** Share of the earlier transcript's words that the later one begins with, 0 to 1. */
function sharedStart(earlier: string[], later: string[]): number {
  const differs = earlier.findIndex((word, i) => word !== later[i]);
  return earlier.length === 0 ? 0 : (differs < 0 ? earlier.length : differs) / earlier.length;
}

/** How the `later` transcript relates to the `earlier` one. */
export function continuation(earlier: string, later: string, options: WordsOptions = {}): Continuation {
  if (sameWords(earlier, later, options)) return { kind: 'same' };
  for (const at of divisions(later)) {
    const rest = later.slice(at).trim();
    if (wordsOf(rest, options).length > 0 && sameWords(earlier, later.slice(0, at), options)) {
      return { kind: 'more', rest };
    }
  }
  const shared = sharedStart(wordsOf(earlier, options), wordsOf(later, options));
  return { kind: shared >= 0.5 ? 'revised' : 'other' };
}
