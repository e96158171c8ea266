import type { NumberWords } from './languages.js';

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth';
const TENTHS = 'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth';

function counted(units: string, from: number, tens: string): Map<string, number> {
  return new Map([
    ...units.split(' ').map((word, i): [string, number] => [word, from + i]),
    ...tens.split(' ').map((word, i): [string, number] => [word, 20 + 10 * i]),
  ]);
}

export const ENGLISH_NUMBERS: NumberWords = {
  cardinals: counted(UNITS, 0, TENS),
  ordinals: counted(ORDINALS, 1, TENTHS),
  multipliers: new Map([
    ['hundred', 100],
    ['thousand', 1_000],
    ['million', 1_000_000],
  ]),
  joiner: 'and',
};

/** One number being read from words: "two hundred and fifty", but not "seven thirty", which is two. */
class SpokenNumber {
  #done = 0;
  #part = 0;
  /** The last word's value below 100; a ten can still take a unit. */
  #last: number | undefined;
  /** Nothing but a multiplier can follow: the number cannot grow by smaller words. */
  #full = false;
  begun = false;

  get value(): number {
    return this.#done + this.#part;
  }

  /** Right after "hundred": where "and" may stand. */
  get afterMultiplier(): boolean {
    return this.begun && this.#last === undefined;
  }

  /** Takes a word worth 0 to 99, if it belongs to this number. */
  add(value: number): boolean {
    const afterTen = this.#last !== undefined && this.#last >= 20 && value > 0 && value < 10;
    const fits = !this.begun || (!this.#full && (afterTen || (this.afterMultiplier && value > 0)));
    if (!fits) return false;
    this.begun = true;
    this.#part += value;
    this.#last = value;
    this.#full = value % 10 !== 0 || value < 20;
    return true;
  }

  multiply(by: number): boolean {
    const factor = by === 100 ? this.#last : this.#part || undefined;
    const inOrder = by === 100 || this.#done % (by * 1_000) === 0;
    if (!factor || !inOrder) return false;
    if (by === 100) this.#part = this.#part * by;
    else {
      this.#done += this.#part * by;
      this.#part = 0;
    }
    this.#last = undefined;
    this.#full = false;
    return true;
  }
}

/** The number that begins at `words[at]`, in digits, and how many words it takes; ordinals come as "4th". */
function readNumber(words: string[], at: number, table: NumberWords): { digits: string; taken: number } {
  const number = new SpokenNumber();
  let i = at;
  for (; i < words.length; i++) {
    const word = words[i]!;
    const ordinal = table.ordinals.get(word);
    if (ordinal !== undefined) {
      if (number.add(ordinal)) return { digits: `${number.value}th`, taken: i + 1 - at };
      break;
    }
    const cardinal = table.cardinals.get(word);
    const multiplier = table.multipliers.get(word);
    if (cardinal !== undefined && number.add(cardinal)) continue;
    if (multiplier !== undefined && number.multiply(multiplier)) continue;
    const joins = word === table.joiner && number.afterMultiplier;
    if (joins && table.cardinals.has(words[i + 1] ?? '')) continue;
    break;
  }
  return { digits: String(number.value), taken: number.begun ? i - at : 0 };
}

/** Puts digits in the place of number words. */
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
/** A year, or a time without its colon, is spoken as two numbers: "1999", "twenty twenty six". */
const PAIR = /^(1[1-9]|20)([1-9]\d)$/;

/** One written form for numbers: "05" is 0 5, "5 5 5 1" is 5551, "2026" is 20 26. */
export function oneNumberForm(words: string[]): string[] {
  const single = words.flatMap((word) => (/^0\d+$/.test(word) ? [...word] : [word]));
  const joined: string[] = [];
  for (const [i, word] of single.entries()) {
    const continues = isDigit(word) && i > 0 && isDigit(single[i - 1]!);
    if (continues) joined[joined.length - 1] += word;
    else joined.push(word);
  }
  return joined.flatMap((word) => PAIR.exec(word)?.slice(1) ?? [word]);
}
