import { MAX_LINE_BYTES, type NumberedLine } from './lines.js';
import { ObjectLines, type TextLine } from './printed/object-lines.js';
import { CsvRecords } from './unwrap/csv.js';
import { unwrapLine } from './unwrap/index.js';
import type { Unwrapped } from './unwrap/unwrapped.js';

/** A line as the program wrote it, or all lines of one printed object; without its text if it is too long to be read. */
export interface LogicalLine extends Omit<TextLine, 'text'> {
  text: string | undefined;
}

/** The lines of one program in a log of several. */
interface Stream {
  objects: ObjectLines;
  /** A line of which only a part has come. */
  part: TextLine | undefined;
}

/** Programs whose lines are kept apart. Of more, the one that wrote least recently has nothing open. */
const MAX_STREAMS = 256;

/** How the lines of turn records and of JSON logs without a collector begin: nothing is in front of them. */
const isBare = (text: string): boolean => text.startsWith('{"schema":');

/**
 * Restores the lines that a program wrote from the lines of one file: removes the text that log collectors and CSV exports
 * put around each line, and joins the parts of a cut line and the lines of a printed object, separately for each program of
 * the log.
 */
export class LogicalLines {
  readonly #streams = new Map<string, Stream>();
  #csv: CsvRecords | undefined;
  #csvLine = 0;
  #isFirst = true;

  /** Takes a line. @returns what can be read now, often one line */
  add({ line, text }: NumberedLine): readonly LogicalLine[] {
    if (text === undefined) return [...this.end(), { line, text }];
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#csv = CsvRecords.of(text);
      if (this.#csv) return [];
    }
    if (isBare(text) && this.#streams.size === 0) return [{ line, text }];
    if (!this.#csv) return this.#add(line, unwrapLine(text));
    this.#csvLine ||= line;
    const record = this.#csv.add(text);
    return record ? this.#addRecord(record) : [];
  }

  /** Returns the lines that are still held back; the lines of an incomplete object are returned one by one. */
  end(): readonly LogicalLine[] {
    const record = this.#csv?.end();
    const last = record ? this.#addRecord(record) : [];
    const held = [...this.#streams.values()].flatMap((stream) => [
      ...(stream.part ? stream.objects.add(stream.part) : []),
      ...stream.objects.end(),
    ]);
    this.#streams.clear();
    return [...last, ...held];
  }

  #addRecord(record: Unwrapped): readonly LogicalLine[] {
    const line = this.#csvLine;
    this.#csvLine = 0;
    return record.text.split(/\r?\n/).flatMap((text) => {
      const inner = unwrapLine(text);
      const { atMs = record.atMs, source = record.source } = inner;
      return this.#add(line, { ...inner, atMs, source });
    });
  }

  #add(line: number, { text, atMs, source, isPartial = false }: Unwrapped): readonly LogicalLine[] {
    const { stream, ended } = this.#streamOf(source ?? '');
    const { part } = stream;
    const whole: TextLine = part ? { ...part, text: part.text + text } : { line, text, atMs, source };
    if (isPartial && whole.text.length < MAX_LINE_BYTES) {
      stream.part = whole;
      return ended;
    }
    stream.part = undefined;
    const found = whole.text.trim() === '' ? [] : stream.objects.add(whole);
    return ended.length === 0 ? found : [...ended, ...found];
  }

  /** The stream of a program, and what the program that wrote least recently had open, if there are too many. */
  #streamOf(source: string): { stream: Stream; ended: readonly TextLine[] } {
    const known = this.#streams.get(source);
    if (known) return { stream: known, ended: [] };
    const stream: Stream = { objects: new ObjectLines(), part: undefined };
    this.#streams.set(source, stream);
    const [oldest] = this.#streams;
    if (this.#streams.size <= MAX_STREAMS || !oldest) return { stream, ended: [] };
    this.#streams.delete(oldest[0]);
    return { stream, ended: oldest[1].objects.end() };
  }
}
