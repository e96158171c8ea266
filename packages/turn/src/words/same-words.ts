import { type LanguageWords, languageWords } from './languages.js';
import { oneNumberForm, spokenToDigits } from './numbers.js';

export interface WordsOptions {
  /** Language tag (`en`, `hi-IN`) that says which fillers and number words to expect; English by default. */
  language?: string | undefined;
  /** More words that say nothing, such as "like"; lower case. */
  fillers?: readonly string[] | undefined;
}

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Written without spaces: where one word ends is a guess, so characters are compared. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
/** Presentation forms and full-width letters. The rest of NFKC is not wanted: it turns 10² into 102. */
const COMPATIBLE = /[\ufb00-\ufdff\ufe70-\uffef]/g;
const INVISIBLE = /[\u00ad\u0640\u200b-\u200f\u2060\ufeff]/g;
/** Yes and no, hummed: "uh-huh", "uh-uh", "mm-hmm". They are answers, not fillers. */
const HUMMED_ANSWER = /(?<![\p{L}\p{M}])(uh|mm+|m)[-\s](huh|uh|h?m+)(?![\p{L}\p{M}])/gu;

/** The value of a digit of any script: digits come in runs of ten. */
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

/** Takes numbers apart at the places where speech does. */
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
 * The words of a transcript in one form: without case, punctuation, fillers, or the way numbers are written. Scripts
 * without spaces come as characters.
 */
export function wordsOf(text: string, options: WordsOptions = {}): string[] {
  const language = languageWords(options.language);
  const said = fold(text).replace(HUMMED_ANSWER, '$1$2');
  const words = [...tokens(spellNumbers(said, language))].filter(
    (word) => !language.filler.test(word) && !options.fillers?.includes(word),
  );
  const counted = language.numbers ? spokenToDigits(words, language.numbers) : words;
  const clocked = counted.filter((_, i) => !isClock(counted, i));
  return oneNumberForm(clocked).flatMap(perCharacter);
}

/** "o'clock" after a number adds nothing; its apostrophe is gone by now. */
function isClock(words: string[], i: number): boolean {
  return words[i] === 'oclock' && /^\d+$/.test(words[i - 1] ?? '');
}

/**
 * Whether two transcripts say the same words: case, punctuation, white space, fillers ("uh"), Unicode form and the
 * writing of numbers ("seven thirty", "7:30") aside. Errs towards "no": two texts that might be told apart are.
 */
export function sameWords(a: string, b: string, options: WordsOptions = {}): boolean {
  if (a === b) return true;
  const left = wordsOf(a, options);
  const right = wordsOf(b, options);
  return left.length === right.length && left.every((word, i) => word === right[i]);
}
