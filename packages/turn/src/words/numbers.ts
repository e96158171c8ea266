import type { NumberWords } from './number-words.js';

/** One number that is being read from words: "two hundred and fifty", but not "seven thirty", which is two numbers. */
class SpokenNumber {
  readonly #table: NumberWords;
  #done = 0;
  #part = 0;
  /** The last word's value; `undefined` after a multiplier. */
  #last: number | undefined;
  /** The value of the next word must be less than this for the word to belong to the number. */
  #room = Number.POSITIVE_INFINITY;
  /** The smallest multiplier so far, of those from a thousand; the next must be smaller. */
  #by = Number.POSITIVE_INFINITY;
  begun = false;

  constructor(table: NumberWords) {
    this.#table = table;
  }

  get value(): number {
    return this.#done + this.#part;
  }

  /** Whether the joiner is allowed before a word of value `next`: "two hundred and fifty", "treinta y cinco". */
  joins(next: number): boolean {
    if (!this.begun || next >= this.#room) return false;
    return this.#table.joins === 'tens' ? this.#last !== undefined : this.#last === undefined;
  }

  /** Adds a word that is not a multiplier. Returns false if it does not belong to this number. */
  add(value: number): boolean {
    if (this.begun && (value === 0 || value >= this.#room)) return false;
    this.begun = true;
    this.#part += value;
    this.#last = value;
    this.#room = this.#table.roomAfter(value);
    return true;
  }

  multiply(by: number): boolean {
    const isBare = this.#part === 0 && this.#last === undefined;
    const factor = isBare ? Number(this.#table.bare ?? false) : by === 100 ? this.#last : this.#part;
    if (!factor || by >= this.#by) return false;
    if (isBare) this.#part = 1;
    this.#part *= by;
    if (by > 100) {
      this.#done += this.#part;
      this.#part = 0;
      this.#by = by;
    }
    this.#last = undefined;
    this.#room = Math.min(by, 1_000);
    this.begun = true;
    return true;
  }
}

/** The number that begins at `words[at]`, as digits, and how many words it takes. Ordinals become "4th". */
function readNumber(words: string[], at: number, table: NumberWords): { digits: string; taken: number } {
  const number = new SpokenNumber(table);
  let i = at;
  for (; i < words.length; i++) {
    const word = words[i]!;
    const ordinal = table.ordinals?.get(word);
    if (ordinal !== undefined) {
      if (number.add(ordinal)) return { digits: `${number.value}th`, taken: i + 1 - at };
      break;
    }
    const cardinal = table.cardinal(word);
    const multiplier = table.multipliers.get(word);
    if (cardinal !== undefined && number.add(cardinal)) continue;
    if (multiplier !== undefined && number.multiply(multiplier)) continue;
    const next = word === table.joiner ? table.cardinal(words[i + 1] ?? '') : undefined;
    if (next !== undefined && number.joins(next)) continue;
    break;
  }
  return { digits: String(number.value), taken: number.begun ? i - at : 0 };
}

/** Replaces number words by digits. */
export function spokenToDigits(words: string[], table: NumberWords): string[] {
  const out: string[] = [];
  for (let i = 0; i < words.length; ) {
    const { digits, taken } = readNumber(words, i, table);
    out.push(taken > 0 ? digits : words[i]!);
    i += Math.max(1, taken);
  }
  return out;
}

const isDigit = (word: string) => /^\d$/.test(word);
/** A year, or a time without a colon, is spoken as two numbers: "1999", "twenty twenty six". */
const PAIR = /^(1[1-9]|20)([1-9]\d)$/;

/** Brings numbers into one form: "05" becomes 0 5, "5 5 5 1" becomes 5551, "2026" becomes 20 26. */
export function oneNumberForm(words: string[]): string[] {
  const joined: string[] = [];
  let afterDigit = false;
  const add = (word: string) => {
    const isOne = isDigit(word);
    if (isOne && afterDigit) joined[joined.length - 1] += word;
    else joined.push(word);
    afterDigit = isOne;
  };
  for (const word of words) {
    if (/^0\d+$/.test(word)) for (const digit of word) add(digit);
    else add(word);
  }
  const numbers: string[] = [];
  for (const word of joined) {
    const pair = PAIR.exec(word);
    if (pair) numbers.push(pair[1]!, pair[2]!);
    else numbers.push(word);
  }
  return numbers;
}
