import { type LanguageWords, languageWords } from './languages.js';
import { oneNumberForm, spokenToDigits } from './numbers.js';

/** How the words of a transcript are compared. */
export interface WordsOptions {
  /** Language tag such as `en` or `hi-IN`, which decides the fillers and number words; default English. */
  language?: string | undefined;
  /** Additional fillers to ignore, such as "like", in lower case; default none. */
  fillers?: readonly string[] | undefined;
}

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Scripts written without spaces. Word boundaries are uncertain, so single characters are compared. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
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

function fold(text: string): string {
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
    .replace(/(\d+)(?:st|nd|rd|th)(?!\p{L})/gu, ' $1th ')
    .replace(/(\d)(?=\p{L})(?!th )/gu, '$1 ')
    .replace(/(\p{L}\p{M}*)(?=\d)/gu, '$1 ');
  for (const [sign, word] of language.signs ?? []) spelled = spelled.replaceAll(sign, ` ${word} `);
  return spelled;
}

function* tokens(text: string): Generator<string> {
  for (const { segment, isWordLike } of WORDS.segment(text)) {
    if (!isWordLike) continue;
    const word = segment.replace(/[^\p{L}\p{M}\p{N}]/gu, '');
    if (word !== '') yield word;
  }
}

const perCharacter = (word: string) =>
  SPACELESS.test(word) ? [...GRAPHEMES.segment(word)].map(({ segment }) => segment) : [word];

/**
 * The words of a transcript in a normal form: lower case, without punctuation and fillers, numbers as digits. In scripts
 * without spaces every character is a word.
 */
export function wordsOf(text: string, options: WordsOptions = {}): string[] {
  const language = languageWords(options.language);
  const folded = fold(text).replace(HUMMED_ANSWER, '$1$2');
  const words = [...tokens(spellNumbers(folded, language))].filter(
    (word) => !language.filler.test(word) && !options.fillers?.includes(word),
  );
  const counted = language.numbers ? spokenToDigits(words, language.numbers) : words;
  const clocked = counted.filter((_, i) => !isClock(counted, i));
  return oneNumberForm(clocked).flatMap(perCharacter);
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
  const left = wordsOf(a, options);
  const right = wordsOf(b, options);
  return left.length === right.length && left.every((word, i) => word === right[i]);
}
