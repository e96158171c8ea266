import { BracketScanner } from './bracket-scanner.js';

/** A line, or the lines of one printed object joined together. */
export interface TextLine {
  /** The first line's number, from 1. */
  line: number;
  text: string;
  /** When a log collector noted that it was written, Unix ms. */
  atMs?: number | undefined;
  /** The container, pod or unit that wrote it. */
  source?: string | undefined;
}

/** Maximum memory of an object that spans lines; above it, each line is read by itself. Bytes, as estimated below. */
const MAX_HELD_BYTES = 128 * 1024 * 1024;
/** Memory of a line besides its characters. */
const LINE_BYTES = 64;

/** The end of a first line: a bracket, or a comma after a member. */
const ENDS_OPEN = '{[(,';
/** What opens an object: a bracket in front, after a name and a colon or space (`metrics: {`), or a class (`LLMMetrics(`). */
const OPENS = /^(?:.{0,400}?[\s:=])??(?:[A-Z]\w{0,80} ?)?([{[]|(?<=[A-Z]\w{0,80})\()/s;
/** The beginning of a line of a log; an object has none inside. */
const LOG_START = /^\s*\[?(?:\d{4}-\d\d-\d\d[T ]|\d\d:\d\d:\d\d|(?:DEBUG|INFO|WARN|ERROR)\b)/;
const FENCE = /^\s{0,3}(?:```|~~~)/;

const beginsObject = (text: string): boolean =>
  ENDS_OPEN.includes(text.trimEnd().at(-1) ?? ' ') && OPENS.test(text);

/** Joins the lines of a printed object together; any other line is passed on as it is. */
export class ObjectLines {
  #held: TextLine[] = [];
  #heldBytes = 0;
  #scanner: BracketScanner | undefined;

  /** Takes a line. @returns what can be read now */
  add(one: TextLine): readonly TextLine[] {
    if (!this.#scanner) return this.#begin(one);
    const isOther = LOG_START.test(one.text) || FENCE.test(one.text);
    const state = isOther ? 'broken' : this.#scanner.add(one.text);
    if (state === 'broken') return [...this.end(), ...this.#begin(one)];
    this.#hold(one);
    if (state === 'whole') return this.#join();
    return this.#heldBytes > MAX_HELD_BYTES ? this.end() : [];
  }

  /** The lines that are still held, each by itself: their object was not closed. */
  end(): readonly TextLine[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#scanner = undefined;
    return held;
  }

  #begin(one: TextLine): readonly TextLine[] {
    if (!beginsObject(one.text)) return [one];
    const scanner = new BracketScanner();
    if (scanner.add(one.text) !== 'open') return [one];
    this.#scanner = scanner;
    this.#hold(one);
    return [];
  }

  #hold(one: TextLine): void {
    this.#held.push(one);
    this.#heldBytes += one.text.length + LINE_BYTES;
  }

  #join(): readonly TextLine[] {
    const held = this.end();
    return [{ ...held[0]!, text: held.map(({ text }) => text).join('\n') }];
  }
}
