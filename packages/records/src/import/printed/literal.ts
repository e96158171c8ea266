import type { JsonObject } from '../json.js';

/** Deeper nesting is left out: without a limit, one line could overflow the stack. */
const MAX_NESTING = 64;

const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
  undefined: undefined,
};

const SPACE = /[\s,;]*/y;
const STRING =
  /(?:[bru]{1,2})?(?:"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|`((?:[^`\\]|\\[\s\S])*)`)/y;
const NUMBER = /-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?n?(?![\w.-])/y;
const WORD = /[\w$@#./%+:-]*[\w$@#/%+-]/y;
const NAME = /(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\[?([A-Za-z_$@][\w$.@-]*)\]?)\s*(?::|=>?)(?!=)\s*/y;
/** What Node and Python print for things that are no data: `[Function: x]`, `<Foo object at 0x1>`, `<ref *1>`. */
const OPAQUE =
  /<[^<>\n]{0,400}>|\[(?:Object(?:: null prototype)?|Array|Circular[^\]]{0,20}|Function[^\]]{0,200}|class[^\]]{0,200}|Getter[^\]]{0,20}|Symbol[^\]]{0,200})\]/y;
/** Text between strings that belong together: Node joins with `+`, Python with nothing. */
const JOINT = /[ \t]*(?:\+[ \t]*)?\n[ \t]*(?:\+[ \t]*)?(?=["'`])/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/** The text of a string as it stood between its quotes. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\s\S]))/g, (_all, wide, narrow, sign: string) =>
        wide || narrow ? String.fromCharCode(Number.parseInt(wide ?? narrow, 16)) : (ESCAPES[sign] ?? sign),
      )
    : text;

/** Thrown inside this file only. */
class NotALiteral extends Error {}

/** Reads what Python's `repr`, Node's `inspect` and loose JSON print, in one pass. */
class LiteralReader {
  readonly text: string;
  at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  value(depth = 0): unknown {
    if (depth > MAX_NESTING) throw new NotALiteral();
    const sign = this.text[this.at];
    if (
      sign === '"' ||
      sign === "'" ||
      sign === '`' ||
      STRING_PREFIX.test(this.text.slice(this.at, this.at + 3))
    )
      return this.string();
    if (this.take(OPAQUE))
      return this.text[this.at] === ' ' && this.next('{') ? this.object(depth) : undefined;
    if (sign === '{') return this.object(depth);
    if (sign === '[' || sign === '(') return this.list(depth);
    const number = this.take(NUMBER);
    if (number) return Number(number[0].replace(/[_n]/g, ''));
    return this.word(depth);
  }

  /** Whether only spaces come before this sign, and the position is moved to it. */
  next(sign: string): boolean {
    let at = this.at;
    while (this.text[at] === ' ') at += 1;
    if (this.text[at] !== sign) return false;
    this.at = at;
    return true;
  }

  string(): string {
    let whole = '';
    for (;;) {
      const found = this.take(STRING);
      if (!found) throw new NotALiteral();
      whole += unescaped(found[1] ?? found[2] ?? found[3] ?? '');
      if (!this.take(JOINT)) return whole;
    }
  }

  /** A constant, a class (`LLMMetrics(…)`, `LLMMetrics {…}`, `Map(2) {…}`), or a bare word. */
  word(depth: number): unknown {
    const found = this.take(WORD);
    if (!found) throw new NotALiteral();
    const [word] = found;
    if (this.text[this.at] === '(') {
      const inner = this.list(depth);
      if (this.next('{')) return this.object(depth);
      if (this.next('[')) return this.list(depth);
      // `Decimal('0.4')` and `SecretStr('x')` stand for what is in them.
      return Array.isArray(inner) && inner.length === 1 ? inner[0] : inner;
    }
    if (/^[A-Z]\w*$/.test(word) && !(word in WORDS) && this.next('{')) return this.object(depth);
    return word in WORDS ? WORDS[word] : word;
  }

  /** `{…}`: members, or the values of a set. */
  object(depth: number): JsonObject {
    return this.members('}', depth).named;
  }

  /** `[…]`, or `(…)` with the arguments of a class: an object where they have names. */
  list(depth: number): unknown {
    const { named, values } = this.members(this.text[this.at] === '[' ? ']' : ')', depth);
    return values.length === 0 && Object.keys(named).length > 0 ? named : values;
  }

  members(closing: string, depth: number): { named: JsonObject; values: unknown[] } {
    this.at += 1;
    const named: JsonObject = Object.create(null);
    const values: unknown[] = [];
    for (;;) {
      this.take(SPACE);
      if (this.text[this.at] === closing) {
        this.at += 1;
        return { named: { ...named }, values };
      }
      const name = this.take(NAME);
      if (name) named[unescaped(name[1] ?? name[2] ?? name[3] ?? '')] = this.value(depth + 1);
      else if (!this.take(/\.\.\. \d+ more items?|\.\.\./y)) values.push(this.value(depth + 1));
    }
  }
}

const STRING_PREFIX = /^[bru]{1,2}["']/;

/**
 * The first value of a text: an object, a list, a string, a number, or a constant, as JSON, JSON5, Python or Node print it.
 * @param from where it begins
 * @returns `undefined` where the text is none; `end` is the position after it
 */
export function readLiteral(text: string, from = 0): { value: unknown; end: number } | undefined {
  const reader = new LiteralReader(text, from);
  try {
    reader.take(SPACE);
    const value = reader.value();
    return { value, end: reader.at };
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

const PAIR = /(?<![\w.$-])([A-Za-z_][\w.]{0,80})=(?![=\s>]|$)/g;
const PAIR_WORD = /[^\s,;)}\]]+/y;

/** The pairs of `ttft=0.4 prompt_tokens=700`, as logfmt, Python's f-strings and pydantic's models print them. */
export function pairsOf(text: string): JsonObject {
  const pairs: JsonObject = {};
  PAIR.lastIndex = 0;
  for (let found = PAIR.exec(text); found; found = PAIR.exec(text)) {
    const from = PAIR.lastIndex;
    const sign = text[from]!;
    const isPlain = /[\w.-]/.test(sign) && !/^[A-Z]\w*\(/.test(text.slice(from, from + 80));
    if (isPlain && !STRING_PREFIX.test(text.slice(from, from + 3))) {
      PAIR_WORD.lastIndex = from;
      const [word] = PAIR_WORD.exec(text)!;
      pairs[found[1]!] = scalarOf(word);
      PAIR.lastIndex = from + word.length;
      continue;
    }
    const literal = readLiteral(text, from);
    // The rest of an unclosed value would be read again and again.
    if (!literal) return pairs;
    pairs[found[1]!] = literal.value;
    PAIR.lastIndex = Math.max(literal.end, from + 1);
  }
  return pairs;
}

function scalarOf(word: string): unknown {
  if (word in WORDS) return WORDS[word];
  const number = Number(word);
  return word !== '' && Number.isFinite(number) ? number : word;
}
