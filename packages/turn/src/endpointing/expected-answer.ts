import { FirstwordError } from '../errors.js';
import { baseLanguage, languageWords } from '../words/languages.js';
import type { NumberWords } from '../words/number-words.js';
import { didYouMean } from '../words/similar-names.js';
import { type ExpectedWords, expectedWords } from './expected-words.js';
import { lowerCase } from './lower-case.js';

/** What an answer may be expected to be. */
export const EXPECTED_KINDS = [
  /** So many digits: `digits(10)`, `digits(7-10)`, `digits(4-)`. */
  'digits',
  /** So many letters and digits, spelled: `spelling(6)`. */
  'spelling',
  /** So many words of a name: `name(2-)`. */
  'name',
  'yes-no',
  /** After "Anything else?": a no ends the call, and more follows a yes. */
  'more',
  'date',
  /** A date with its year. */
  'birth-date',
  'time',
  'email',
  /** Anything: no rule applies. */
  'anything',
] as const;

/** What the next answer is expected to be. */
export interface ExpectedAnswer {
  kind: (typeof EXPECTED_KINDS)[number];
  /** Fewest and most digits, letters or words. Between the two, the answer may be complete. */
  least: number;
  most: number;
}

/** Whether the caller's words so far answer what was asked. `unknown`: the rules cannot tell. */
export type AnswerState = 'complete' | 'incomplete' | 'unknown';

const FORM = /^([a-z-]+)(?:\((\d{1,3})?(-)?(\d{1,3})?\))?$/;

/**
 * Reads an expectation: a kind, with how many in parentheses where it can be counted.
 *
 * @throws FirstwordError `bad_input` if there is no such kind, or the count cannot be read
 */
export function parseExpected(text: string): ExpectedAnswer {
  const [, kind, least, dash, most] = FORM.exec(text.trim()) ?? [];
  const found = EXPECTED_KINDS.find((one) => one === kind);
  if (!found) {
    const names = EXPECTED_KINDS.join(', ');
    const like = 'Use one of them, with a count where there is one: digits(10), digits(7-10), name(2-).';
    throw new FirstwordError(
      'bad_input',
      `"${text}" is no expected answer.${didYouMean(kind ?? text, [...EXPECTED_KINDS])} The kinds are ${names}. ${like}`,
    );
  }
  const fewest = Number(least ?? 1);
  const top = dash ? Number(most ?? Number.POSITIVE_INFINITY) : Number(least ?? Number.POSITIVE_INFINITY);
  return { kind: found, least: fewest, most: Math.max(fewest, top) };
}

const tableOf = (language: string | undefined): ExpectedWords | undefined =>
  expectedWords(baseLanguage(language) ?? 'en');

/** Lower case, without punctuation, words divided by single spaces. */
const plain = (text: string): string =>
  lowerCase(text)
    .replace(/[^\p{L}\p{M}\p{N}'@+]+/gu, ' ')
    .trim();

/** Only so many characters at the end of a text are looked at. */
const LOOKED_AT = 400;

/**
 * What the agent's last sentence asks for, by a table of the language: English, German, Spanish, French, Hindi.
 *
 * @param said the agent's words
 * @param language language tag; default English
 * @returns `undefined` if it asks for nothing that the table knows
 */
export function expectedAnswer(said: string, language?: string): ExpectedAnswer | undefined {
  const table = tableOf(language);
  const end = said.slice(-LOOKED_AT);
  // Divided after "p.m." too, unlike in `lastSentence`: a question of its own often follows ("At 8 p.m. Is that right?").
  const sentence = end.split(/[.!?।]\s+/u).findLast((part) => /\p{L}/u.test(part));
  if (!table || !sentence) return undefined;
  const words = plain(sentence);
  const found = table.questions.find(([pattern]) => pattern.test(words));
  // "Your phone number is 555." asks for nothing, but "And your phone number." does: agents leave question marks out.
  const isStatement = !/[?？]\s*$/u.test(end) && /\d/.test(words);
  return found && !isStatement ? parseExpected(found[1]) : undefined;
}

/** The digits of a turn's words. */
interface Digits {
  count: number;
  /** The last word is one. */
  isAtEnd: boolean;
  /** The last word announces one: "double". */
  isAnnounced: boolean;
}

const NUMERAL = /^(\d+)(?:st|nd|rd|th)?$/;

/** What is known of a language. */
interface KnownWords {
  table: ExpectedWords | undefined;
  numbers: NumberWords | undefined;
}

const listed = (list: Readonly<Record<string, number>> | undefined, word: string): number | undefined =>
  list && Object.hasOwn(list, word) ? list[word] : undefined;

/** The digits of one word: "fourteen" has two; "hundred" two more than the word before it. */
function digitsOf(word: string, { table, numbers }: KnownWords): number | undefined {
  const numeral = NUMERAL.exec(word)?.[1];
  if (numeral) return numeral.length;
  const value = listed(table?.digits, word) ?? numbers?.cardinal(word);
  if (value !== undefined) return String(value).length;
  const multiplier = numbers?.multipliers.get(word);
  return multiplier === undefined ? undefined : String(multiplier).length - 1;
}

/** Whether a word is a ten that a unit may follow: "twenty". */
function isTen(word: string, { numbers }: KnownWords): boolean {
  const value = numbers?.cardinal(word) ?? 0;
  return value >= 20 && value % 10 === 0;
}

function digitsIn(words: readonly string[], known: KnownWords): Digits {
  let count = 0;
  let times = 1;
  let isAtEnd = false;
  for (const [i, word] of words.entries()) {
    const repeats = listed(known.table?.repeats, word);
    if (repeats !== undefined) {
      times = repeats;
      continue;
    }
    const digits = digitsOf(word, known);
    isAtEnd = digits !== undefined;
    // "twenty five" is two digits.
    const isUnit = digits === 1 && i > 0 && isTen(words[i - 1]!, known);
    count += isUnit ? 0 : (digits ?? 0) * times;
    times = 1;
  }
  return { count, isAtEnd, isAnnounced: times > 1 };
}

/** @param isGoingOn the newest word is one of those that are counted */
function counted(count: number, { least, most }: ExpectedAnswer, isGoingOn: boolean): AnswerState {
  if (count === 0) return 'unknown';
  if (count < least) return isGoingOn ? 'incomplete' : 'unknown';
  return count >= most ? 'complete' : 'unknown';
}

const ORDINAL = /(?:^| )\p{L}+(?:st|nd|rd|th|te[rns]?)$/u;

function dateState(text: string, table: ExpectedWords, digits: number, needsYear: boolean): AnswerState {
  if (!table.months.test(text)) {
    if (needsYear) return digits >= 6 ? 'complete' : 'unknown';
    return table.days.test(text) ? 'complete' : 'unknown';
  }
  const rest = text.replace(table.months, ' ').replace(/\s+/g, ' ').trim();
  if (digits === 0 && !ORDINAL.test(rest)) return 'incomplete';
  // A day is one or two digits, a year two at least.
  return !needsYear || digits >= 4 || (digits >= 3 && ORDINAL.test(rest)) ? 'complete' : 'incomplete';
}

function emailState(text: string): AnswerState {
  if (/(?:\.| dot | punto | point | punkt )(?:com|net|org|edu|gov|de|es|fr|in|co|io|us|uk)$/.test(` ${text}`))
    return 'complete';
  if (/(?:^| )(?:at|@|arroba|dot|punto|point|punkt|underscore|dash|hyphen)$/.test(text)) return 'incomplete';
  return /(?:^| )(?:at|arroba)(?: |$)|@/.test(text) ? 'incomplete' : 'unknown';
}

const SPELLED = /^(?:\p{L}\p{M}*|\d+)$/u;

/**
 * Whether the caller's words so far answer what was asked. A caller who answers something else ("I don't have it with me") gives
 * `unknown`.
 *
 * @param text the words of the turn so far
 * @param language language tag; default English
 */
export function answerState(text: string, expected: ExpectedAnswer, language?: string): AnswerState {
  const words = plain(text.slice(-LOOKED_AT));
  if (words === '') return 'unknown';
  const list = words.split(' ');
  const table = tableOf(language);
  const digits = () => digitsIn(list, { table, numbers: languageWords(language).numbers });
  switch (expected.kind) {
    case 'digits': {
      const { count, isAtEnd, isAnnounced } = digits();
      return isAnnounced ? 'incomplete' : counted(count, expected, isAtEnd);
    }
    case 'spelling': {
      const spelled = list.filter((word) => SPELLED.test(word)).reduce((sum, word) => sum + word.length, 0);
      return counted(spelled, expected, SPELLED.test(list.at(-1)!));
    }
    case 'anything':
      return 'unknown';
    case 'email':
      return emailState(text.toLowerCase().replace(/[.!?]?\s*$/, ''));
    default:
      return table ? wordsState(words, expected, { table, digits }) : 'unknown';
  }
}

function wordsState(
  words: string,
  expected: ExpectedAnswer,
  { table, digits }: { table: ExpectedWords; digits: () => Digits },
): AnswerState {
  switch (expected.kind) {
    case 'yes-no':
      return table.yes.test(words) ? 'complete' : 'unknown';
    case 'more':
      return table.no.test(words) ? 'complete' : table.yes.test(words) ? 'incomplete' : 'unknown';
    case 'date':
    case 'birth-date':
      return dateState(words, table, digits().count, expected.kind === 'birth-date');
    case 'time':
      return digits().count > 0 && table.times.test(words) ? 'complete' : 'unknown';
    case 'name': {
      const name = `${words} `.replace(table.beforeName, '').trim();
      return counted(name === '' ? 0 : name.split(' ').length, expected, true);
    }
    default:
      return 'unknown';
  }
}
