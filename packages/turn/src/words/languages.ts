import { ENGLISH_NUMBERS } from './numbers.js';

/** A language's number words. */
export interface NumberWords {
  /** Values of 0 to 19, and of 20 to 90 by tens. */
  cardinals: ReadonlyMap<string, number>;
  /** "third" is 3; compounds are made of a ten and one of these. */
  ordinals: ReadonlyMap<string, number>;
  /** "hundred" is 100. */
  multipliers: ReadonlyMap<string, number>;
  /** What may stand between a multiplier and the rest: "two hundred and fifty". */
  joiner?: string;
}

/** What may differ between two transcripts of the same words in one language. */
export interface LanguageWords {
  /** A word that says nothing. Matched against whole words in lower case. */
  filler: RegExp;
  numbers?: NumberWords;
  /** Signs that are read out: "%" is "percent". */
  signs?: ReadonlyMap<string, string>;
}

/** Sounds that any language hums. Longer ones ("hmmm") count too. */
const HUM = 'h+m+|m{2,}';
const fillers = (words: string) => new RegExp(`^(?:${HUM}|${words})$`, 'u');

const EUROPEAN_SIGNS = new Map([
  ['&', 'and'],
  ['%', 'percent'],
]);

/**
 * What is known of each language, by its ISO 639-1 code. One language's filler is another's word (German "um" is
 * "at", "er" is "he"), so nothing is shared but humming.
 */
const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  en: { filler: fillers('u+h+m*|u+m+|e+rm*|a+h+'), numbers: ENGLISH_NUMBERS, signs: EUROPEAN_SIGNS },
  de: { filler: fillers('ä+h*m*|e+h+m*') },
  fr: { filler: fillers('eu+h+|h?eu+') },
  es: { filler: fillers('e+h+|em+|e{2,}') },
  pt: { filler: fillers('é{2,}|ah+|hã+') },
  it: { filler: fillers('e+h+m*|ah+') },
  nl: { filler: fillers('u+h+m*|e+h+m*') },
  hi: { filler: fillers('उम+|अम+|हम्म+|ह्म+') },
  ja: { filler: fillers('えー+と?|えっと|あのー+|うー+ん') },
  zh: { filler: fillers('嗯+|呃+') },
};

const UNKNOWN: LanguageWords = { filler: fillers('$^') };

/** The table for a language tag such as `en-US`; English where none is told, humming only where none is known. */
export function languageWords(tag: string | undefined): LanguageWords {
  const code = (tag || 'en').toLowerCase().split(/[-_]/)[0]!;
  return Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code]! : UNKNOWN;
}
