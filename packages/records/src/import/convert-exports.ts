import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import {
  isFirstwordError,
  parseTurnRecord,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
} from '@firstword/turn';
import { type InputFile, readBytes } from '../engine/inputs.js';
import type { UnreadLine } from '../report/turn-report.js';
import { ChatHistoryImport } from './chat-history.js';
import { isObject, tryParseJson } from './json.js';
import { chatItemsOfLogs, OtlpImport } from './otlp.js';

/** A document that spans lines is held in memory; above this size, each line must be one JSON value. */
const MAX_DOCUMENT_CHARS = 256 * 1024 * 1024;
const NAMED_BAD_LINES = 5;

/** The result of converting exports. */
export interface ConvertedExports {
  /** Turns by the format they were read from, without Firstword's own records. */
  imported: Map<string, number>;
  badLines: number;
  someBadLines: UnreadLine[];
}

/** Options of `convertExports`. */
export interface ConvertExportsOptions {
  /** Path of the file to write, one turn record a line, without transcripts. */
  to: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number) => void) | undefined;
}

type Understood = 'turn' | 'export' | string;

/** Reads other tools' exports into turn records. */
class ExportReader {
  readonly imported = new Map<string, number>();
  badLines = 0;
  readonly someBadLines: UnreadLine[] = [];
  readonly #write: (record: TurnRecord) => void;
  readonly #chats = new Map<string, ChatHistoryImport>();
  readonly #traces = new OtlpImport();

  constructor(write: (record: TurnRecord) => void) {
    this.#write = write;
  }

  #give(observations: readonly TurnObservation[]): void {
    for (const observation of observations) {
      const from = observation.imported?.from ?? '';
      this.imported.set(from, (this.imported.get(from) ?? 0) + 1);
      this.#write(toTurnRecord(observation));
    }
  }

  /** `turn`, `export`, or the reason why it is neither. */
  #understand(text: string, file: string): Understood {
    const json = tryParseJson(text);
    if (!json) return 'not a line of JSON: is the file truncated?';
    const { value } = json;
    if (isObject(value) && String(value.schema).startsWith('firstword.turn/')) return this.#turn(text);
    if (this.#traces.read(value)) return 'export';
    const logged = chatItemsOfLogs(value);
    const chat = this.#chats.get(file) ?? new ChatHistoryImport();
    this.#chats.set(file, chat);
    const turns = chat.read(logged.length > 0 ? logged : value, basename(file));
    if (!turns) return 'neither a turn record nor a known export (LiveKit chat history, OTLP/JSON traces)';
    this.#give(turns);
    return 'export';
  }

  #turn(text: string): Understood {
    try {
      const { transcript: _, ...record } = parseTurnRecord(text);
      this.#write(record);
      return 'turn';
    } catch (error) {
      if (isFirstwordError(error, 'record_invalid')) return error.message;
      throw error;
    }
  }

  line(text: string, place: { file: string; line: number }): void {
    const found = this.#understand(text, place.file);
    if (found === 'turn' || found === 'export') return;
    this.badLines += 1;
    if (this.someBadLines.length < NAMED_BAD_LINES) this.someBadLines.push({ ...place, reason: found });
  }

  finish(): void {
    this.#give(this.#traces.finish().map(({ observation }) => observation));
  }
}

/** Whether a file's first line is not complete JSON, so that the whole file may be one document. */
function beginsDocument(firstLine: string): boolean {
  return /^\s*[[{]/.test(firstLine) && !tryParseJson(firstLine);
}

async function readFile(
  file: InputFile,
  reader: ExportReader,
  options: ConvertExportsOptions & { onRead(bytes: number): void; written(): Promise<void> },
) {
  const input = readBytes(file, options.onRead);
  const held: { text: string; line: number }[] = [];
  let heldChars = 0;
  let isDocument: boolean | undefined;
  let line = 0;
  const give = () => {
    const whole = held.splice(0);
    const text = whole.map((one) => one.text).join('\n');
    if (whole.length > 0 && tryParseJson(text)) reader.line(text, { file: file.name, line: whole[0]!.line });
    else for (const one of whole) reader.line(one.text, { file: file.name, line: one.line });
  };
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      options.signal?.throwIfAborted();
      line += 1;
      if (text.trim() === '') continue;
      isDocument ??= beginsDocument(text);
      if (!isDocument) {
        reader.line(text, { file: file.name, line });
        await options.written();
        continue;
      }
      held.push({ text, line });
      heldChars += text.length;
      if (heldChars > MAX_DOCUMENT_CHARS) {
        isDocument = false;
        give();
      }
    }
  } finally {
    input.destroy();
  }
  give();
}

/** Converts files whose first line is not a turn record: exports, or turn records after other lines. */
export async function convertExports(
  files: readonly InputFile[],
  options: ConvertExportsOptions,
): Promise<ConvertedExports> {
  const out = createWriteStream(options.to, { mode: 0o600 });
  const ended = finished(out);
  // `written` and the end await this error: until then it must not be an unhandled rejection.
  ended.catch(() => {});
  const reader = new ExportReader((record) => {
    out.write(`${JSON.stringify(record)}\n`);
  });
  // Ask the stream for its current state: an earlier `drain` may already have fired and would never come again.
  const written = async () => {
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), ended]);
  };
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let read = 0;
  const onRead = (count: number) => {
    read += count;
    options.onProgress?.(read / bytes);
  };
  for (const file of files) {
    await readFile(file, reader, { ...options, onRead, written });
    await written();
  }
  reader.finish();
  out.end();
  await ended;
  return reader;
}
