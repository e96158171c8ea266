import { hanToDigits } from './han-numbers.js';
import {
  ENGLISH_NUMBERS,
  FRENCH_NUMBERS,
  GERMAN_NUMBERS,
  HINDI_NUMBERS,
  type NumberWords,
  SPANISH_NUMBERS,
} from './number-words.js';

/** How one language's transcripts may differ for the same words. */
export interface LanguageWords {
  /** Hesitation sounds. Matched against whole words in lower case. */
  filler: RegExp;
  /** Hesitation sounds in a script without spaces, wherever they stand. */
  spacelessFiller?: RegExp;
  /** Number words, if they are known. */
  numbers?: NumberWords;
  /** Rewrites lower-case text before it is split into words: money, clock times, numerals. */
  spell?: (text: string) => string;
  /** Signs and their spoken words: "%" is "percent". */
  signs?: ReadonlyMap<string, string>;
}

/** Hesitation sounds of any language, including longer ones ("hmmm"). */
const HUM = 'h+m+|m{2,}';
const fillers = (words: string) => new RegExp(`^(?:${HUM}|${words})$`, 'u');
const HUMS = new RegExp(`^(?:${HUM})$`, 'u');

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

/** "$20" is spoken as "twenty dollars". */
const englishMoney = (text: string) =>
  text
    .replace(
      /([$€£₹])\s?(\d[\d,]*(?:\.\d+)?)/gu,
      (_, sign: string, sum: string) => `${sum} ${CURRENCIES.get(sign)}`,
    )
    .replace(/(?<![\p{L}\p{N}])(dollar|euro|pound|rupee)(?![\p{L}\p{N}])/gu, '$1s');

/** "7:30 Uhr" is spoken as "sieben Uhr dreißig". */
const germanClock = (text: string) =>
  text.replace(/(\d)[:.]00\s*uhr/gu, '$1 uhr').replace(/(\d)[:.](\d\d)\s*uhr/gu, '$1 uhr $2');

/** "7h30" is spoken as "sept heures trente". "quatre-vingts" is replaced by the single word "huitante". */
const frenchNumbers = (text: string) =>
  text
    .replace(/quatre[-\s]vingts?/gu, 'huitante')
    .replace(/(\d)\s*h\s*(\d\d)(?![\p{L}\p{N}])/gu, '$1 heures $2')
    .replace(/(\d)\s*h(?![\p{L}\p{N}])/gu, '$1 heures');

/**
 * By ISO 639-1 code. One language's filler is another's word (German "um" is "at", "er" is "he"), so that only the
 * sounds in `HUM` are shared.
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
  ja: { filler: HUMS, spacelessFiller: /えー+と?|えっと|あのー+|うー+ん/gu, spell: hanToDigits },
  zh: { filler: HUMS, spacelessFiller: /[嗯呃]/gu, spell: hanToDigits },
};

const UNKNOWN: LanguageWords = { filler: HUMS };

/** `en-US` → `en`; `undefined` for no language. */
export const baseLanguage = (tag: string | undefined): string | undefined =>
  tag?.toLowerCase().split(/[-_]/)[0] || undefined;

/** The entry for a language tag such as `en-US`; default English. An unknown language has only the shared fillers. */
export function languageWords(tag: string | undefined): LanguageWords {
  const code = baseLanguage(tag) ?? 'en';
  return Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code]! : UNKNOWN;
}
