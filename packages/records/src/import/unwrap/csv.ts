import { timeOfText, type Unwrapped } from './unwrapped.js';

/** Columns that hold what the program wrote, of CloudWatch, Datadog, Google Cloud, Grafana and Splunk. */
const MESSAGE = ['message', '@message', 'content', 'textpayload', 'line', 'log', '_raw', 'msg'];
const TIME = ['timestamp', '@timestamp', 'date', 'time', '_time'];
const SOURCE = ['logstreamname', '@logstream', 'host', 'pod', 'container'];
/** A longer first line is no header. */
const MAX_HEADER_CHARS = 4_096;
/** A longer record is a quotation mark that was never closed. */
const MAX_RECORD_CHARS = 16 * 1024 * 1024;

/** The fields of a record of CSV, RFC 4180. */
function fieldsOf(record: string, separator: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= record.length) {
    if (record[at] !== '"') {
      const end = record.indexOf(separator, at);
      fields.push(record.slice(at, end < 0 ? undefined : end));
      if (end < 0) break;
      at = end + 1;
      continue;
    }
    let end = at + 1;
    while (end < record.length && (record[end] !== '"' || record[end + 1] === '"'))
      end += record[end] === '"' ? 2 : 1;
    fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
    const next = record.indexOf(separator, end);
    if (next < 0) break;
    at = next + 1;
  }
  return fields;
}

const quotesIn = (text: string): number => text.split('"').length - 1;

function timeOfField(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return number > 1e11 ? number : number * 1000;
  // Date.parse would take a time without a zone for local time; exports write UTC.
  return (
    timeOfText(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`) ?? timeOfText(text)
  );
}

/** Reads log exports in CSV: a header that names a column of messages, then records, which may span lines. */
export class CsvRecords {
  readonly #separator: string;
  readonly #names: readonly string[];
  #held = '';
  #quotes = 0;

  private constructor(names: readonly string[], separator: string) {
    this.#names = names;
    this.#separator = separator;
  }

  /** @returns `undefined` where the line is no header of a log export */
  static of(header: string): CsvRecords | undefined {
    if (header.length > MAX_HEADER_CHARS || /[{}[\]]/.test(header)) return undefined;
    const separator = [',', ';', '\t'].find((sign) => header.includes(sign));
    if (separator === undefined) return undefined;
    const names = fieldsOf(header, separator).map((name) => name.trim().toLowerCase());
    const isExport =
      names.some((name) => MESSAGE.includes(name)) && names.some((name) => TIME.includes(name));
    return isExport ? new CsvRecords(names, separator) : undefined;
  }

  /** Takes a line. @returns `undefined` where the record goes on in the next one */
  add(line: string): Unwrapped | undefined {
    this.#held = this.#held === '' ? line : `${this.#held}\n${line}`;
    this.#quotes += quotesIn(line);
    return this.#quotes % 2 === 1 && this.#held.length < MAX_RECORD_CHARS ? undefined : this.end();
  }

  /** The record that is still held; `undefined` where there is none. */
  end(): Unwrapped | undefined {
    const record = this.#held;
    this.#held = '';
    this.#quotes = 0;
    if (record === '') return undefined;
    const fields = fieldsOf(record, this.#separator);
    const first = (names: readonly string[]) => {
      const name = names.find((one) => this.#names.includes(one));
      return name === undefined ? undefined : fields[this.#names.indexOf(name)];
    };
    return { text: first(MESSAGE) ?? '', atMs: timeOfField(first(TIME)), source: first(SOURCE) };
  }
}
