import { type LanguageWords, languageWords } from './languages.js';
import { oneNumberForm, spokenToDigits } from './numbers.js';
import { perCharacter, tokensOf } from './tokens.js';

/** How the words of a transcript are compared. */
export interface WordsOptions {
  /** Language tag such as `en` or `hi-IN`, which decides the fillers and number words; default English. */
  language?: string | undefined;
  /** Additional fillers to ignore, such as "like", in lower case; default none. */
  fillers?: readonly string[] | undefined;
}

/** Presentation forms and full-width letters. NFKC is applied to these only: elsewhere it would turn 10² into 102. */
const COMPATIBLE = /[\ufb00-\ufdff\ufe70-\uffef]/g;
const INVISIBLE = /[\u00ad\u0640\u200b-\u200f\u2060\ufeff]/g;
/** "uh-huh", "uh-uh" and "mm-hmm" are answers, not fillers. */
const HUMMED_ANSWER = /(?<![\p{L}\p{M}])(uh|mm+|m)[-\s](huh|uh|h?m+)(?![\p{L}\p{M}])/gu;

/** A digit of any script as an ASCII digit. Unicode has the digits of a script in runs of ten. */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}

/** Lower case, composed, without invisible characters, digits of any script as ASCII digits. */
export function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(COMPATIBLE, (c) => c.normalize('NFKC'))
    .replace(INVISIBLE, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\P{Nd}0-9]/gu, toAsciiDigit)
    .replace(/[’‘ʼ`]/g, "'");
}

/** Separates the parts of a number that are spoken separately. */
function spellNumbers(text: string, language: LanguageWords): string {
  let spelled = (language.spell?.(text) ?? text)
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(?<![\p{L}\p{N}])([ap])\.\s?m\b\.?/gu, '$1m')
    .replace(/\b(\d{1,2}):00(?!\d)/g, '$1')
    .replace(/(\d)\s*o'clock(?!\p{L})/gu, '$1')
    .replace(/(\d)\.(?=\d)(?!\d\d(?!\d))/g, '$1 point ')
    .replace(/(?<![\p{L}\p{N}])-(?=\d)/gu, ' minus ')
    .replace(/(?<![\p{L}\p{N}])\+(?=\d)/gu, ' plus ')
    .replace(/(\d)[.,:/-](?=\d)/g, '$1 ')
    .replace(/(?<!\d)(\d+)(?:st|nd|rd|th)(?!\p{L})/gu, ' $1th ')
    .replace(/(\d)(?=\p{L})(?!th )/gu, '$1 ')
    .replace(/(?=\d)(?<=\p{L}\p{M}*)/gu, ' ');
  for (const [sign, word] of language.signs ?? []) spelled = spelled.replaceAll(sign, ` ${word} `);
  return spelled;
}

/** Words of the last texts, the oldest first: one event of a live call compares the same text several times. */
const REMEMBERED = 8;
const remembered = new Map<string, readonly string[]>();

/**
 * The words of a transcript in a normal form: lower case, without punctuation and fillers, numbers as digits. In scripts
 * without spaces every character is a word. Takes time linear in the length of the text.
 */
export function wordsOf(text: string, options: WordsOptions = {}): string[] {
  return [...normalWords(text, options)];
}

/** `wordsOf`, for readers: the array is shared and must not be changed. */
export function normalWords(text: string, options: WordsOptions): readonly string[] {
  const key = [options.language ?? '', ...(options.fillers ?? []), text].join('\0');
  const known = remembered.get(key);
  const words = known ?? normalise(text, options);
  remembered.delete(key);
  remembered.set(key, words);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return words;
}

/** `normalWords`, not remembered. */
export function normalise(text: string, options: WordsOptions): string[] {
  const language = languageWords(options.language);
  const folded = fold(text).replace(HUMMED_ANSWER, '$1$2');
  const words = tokensOf(spellNumbers(folded, language), language, options.fillers);
  const counted = language.numbers ? spokenToDigits(words, language.numbers) : words;
  const clocked = counted.filter((_, i) => !isClock(counted, i));
  return perCharacter(oneNumberForm(clocked));
}

/** "o'clock" after a number adds nothing. Its apostrophe has already been removed. */
function isClock(words: string[], i: number): boolean {
  return words[i] === 'oclock' && /^\d+$/.test(words[i - 1] ?? '');
}

/**
 * Whether two transcripts contain the same words. Case, punctuation, white space, fillers ("uh"), Unicode form and the
 * notation of numbers ("seven thirty", "7:30") are ignored. When unsure, the words count as different: that wastes at
 * most one speculation and can never produce a wrong answer.
 */
export function sameWords(a: string, b: string, options: WordsOptions = {}): boolean {
  if (a === b) return true;
  const left = normalWords(a, options);
  const right = normalWords(b, options);
  return left.length === right.length && left.every((word, i) => word === right[i]);
}
