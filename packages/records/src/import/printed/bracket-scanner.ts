const CLOSING: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' };
/** Deeper nesting is no printed object. */
const MAX_OPEN = 500;

/** `open`: brackets are still open at the end of the line. `whole`: all are closed. `broken`: the lines are no object. */
export type BracketState = 'open' | 'whole' | 'broken';

/** Follows the brackets of a printed object, line by line: JSON, Python's repr, Node's inspect. */
export class BracketScanner {
  readonly #open: string[] = [];
  /** The last character that is neither space nor part of a string. */
  #last = '';

  /** Takes a line. Strings end on the line on which they begin. */
  add(line: string): BracketState {
    const first = line.trimStart().charAt(0);
    // A member of an object begins with its name: a line that begins another object is the next record after a cut-off one.
    if (first === '{' && this.#open.at(-1) === '{' && this.#last !== ':') return 'broken';
    let quote = '';
    for (let at = 0; at < line.length; at += 1) {
      const sign = line[at]!;
      if (quote !== '') {
        if (sign === '\\') at += 1;
        else if (sign === quote) quote = '';
        continue;
      }
      if (sign === '"' || sign === '`' || (sign === "'" && !isLetter(line[at - 1]))) quote = sign;
      else if (sign === '{' || sign === '[' || sign === '(') this.#open.push(sign);
      else if (sign in CLOSING && this.#open.pop() !== CLOSING[sign]) return 'broken';
      if (sign !== ' ') this.#last = sign;
    }
    if (quote !== '' || this.#open.length > MAX_OPEN) return 'broken';
    return this.#open.length === 0 ? 'whole' : 'open';
  }
}

/** An apostrophe inside a word begins no string. */
const isLetter = (sign: string | undefined): boolean => sign !== undefined && /[a-z]/i.test(sign);
