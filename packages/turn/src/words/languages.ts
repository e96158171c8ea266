import { hanToDigits } from './han-numbers.js';
import {
  ENGLISH_NUMBERS,
  FRENCH_NUMBERS,
  GERMAN_NUMBERS,
  HINDI_NUMBERS,
  type NumberWords,
  SPANISH_NUMBERS,
} from './number-words.js';

/** What may differ between two transcripts of the same words in one language. */
export interface LanguageWords {
  /** A word that says nothing. Matched against whole words in lower case. */
  filler: RegExp;
  numbers?: NumberWords;
  /** Puts text in lower case into the form that the rest expects. */
  spell?: (text: string) => string;
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

const CURRENCIES = new Map([
  ['$', 'dollars'],
  ['€', 'euros'],
  ['£', 'pounds'],
  ['₹', 'rupees'],
]);

/** "$20" is said "twenty dollars". */
const englishMoney = (text: string) =>
  text
    .replace(
      /([$€£₹])\s?(\d[\d,]*(?:\.\d+)?)/gu,
      (_, sign: string, sum: string) => `${sum} ${CURRENCIES.get(sign)}`,
    )
    .replace(/(?<![\p{L}\p{N}])(dollar|euro|pound|rupee)(?![\p{L}\p{N}])/gu, '$1s');

/** "7:30 Uhr" is said "sieben Uhr dreißig". */
const germanClock = (text: string) =>
  text.replace(/(\d)[:.]00\s*uhr/gu, '$1 uhr').replace(/(\d)[:.](\d\d)\s*uhr/gu, '$1 uhr $2');

/** "7h30" is said "sept heures trente", and "quatre-vingts" is a word of its own. */
const frenchNumbers = (text: string) =>
  text
    .replace(/quatre[-\s]vingts?/gu, 'huitante')
    .replace(/(\d)\s*h\s*(\d\d)(?![\p{L}\p{N}])/gu, '$1 heures $2')
    .replace(/(\d)\s*h(?![\p{L}\p{N}])/gu, '$1 heures');

/**
 * What is known of each language, by its ISO 639-1 code. One language's filler is another's word (German "um" is
 * "at", "er" is "he"), so nothing is shared but humming.
 */
const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  en: {
    filler: fillers('u+h+m*|u+m+|e+rm*|a+h+'),
    numbers: ENGLISH_NUMBERS,
    spell: englishMoney,
    signs: EUROPEAN_SIGNS,
  },
  de: { filler: fillers('ä+h*m*|e+h+m*'), numbers: GERMAN_NUMBERS, spell: germanClock },
  fr: { filler: fillers('eu+h+|h?eu+'), numbers: FRENCH_NUMBERS, spell: frenchNumbers },
  es: { filler: fillers('e+h+|em+|e{2,}'), numbers: SPANISH_NUMBERS },
  pt: { filler: fillers('é{2,}|ah+|hã+') },
  it: { filler: fillers('e+h+m*|ah+') },
  nl: { filler: fillers('u+h+m*|e+h+m*') },
  hi: { filler: fillers('उम+|अम+|हम्म+|ह्म+'), numbers: HINDI_NUMBERS },
  ja: { filler: fillers('えー+と?|えっと|あのー+|うー+ん'), spell: hanToDigits },
  zh: { filler: fillers('嗯+|呃+'), spell: hanToDigits },
};

const UNKNOWN: LanguageWords = { filler: fillers('$^') };

/** The table for a language tag such as `en-US`; English where none is told, humming only where none is known. */
export function languageWords(tag: string | undefined): LanguageWords {
  const code = (tag || 'en').toLowerCase().split(/[-_]/)[0]!;
  return Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code]! : UNKNOWN;
}
