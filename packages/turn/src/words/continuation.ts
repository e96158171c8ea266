import { sameWords, type WordsOptions, wordsOf } from './same-words.js';

/** What a transcript is to an earlier one of the same audio, or perhaps of later audio. */
export type Continuation =
  | { kind: 'same' }
  /** It begins with the same words; `rest` is what follows them, as written. */
  | { kind: 'more'; rest: string }
  /** Most of the words are the same: the engine has changed its mind. */
  | { kind: 'revised' }
  /** Another matter altogether. */
  | { kind: 'other' };

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Scripts in which a word may begin anywhere. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

/** Where a text may be divided, last place first. */
function divisions(text: string): number[] {
  const places = SPACELESS.test(text)
    ? [...GRAPHEMES.segment(text)].map(({ index }) => index)
    : [...text.matchAll(/\s+/g)].map(({ index }) => index);
  return places.reverse();
}

/** Share of the earlier transcript's words that the later one begins with, 0 to 1. */
function sharedStart(said: string[], now: string[]): number {
  const differs = said.findIndex((word, i) => word !== now[i]);
  return said.length === 0 ? 0 : (differs < 0 ? said.length : differs) / said.length;
}

/** How `now` relates to what was `said` before it. */
export function continuation(said: string, now: string, options: WordsOptions = {}): Continuation {
  if (sameWords(said, now, options)) return { kind: 'same' };
  for (const at of divisions(now)) {
    const rest = now.slice(at).trim();
    if (wordsOf(rest, options).length > 0 && sameWords(said, now.slice(0, at), options)) {
      return { kind: 'more', rest };
    }
  }
  const shared = sharedStart(wordsOf(said, options), wordsOf(now, options));
  return { kind: shared >= 0.5 ? 'revised' : 'other' };
}
