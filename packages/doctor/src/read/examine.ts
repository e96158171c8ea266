import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { findInputs, type InputFile, isZlibError, readBytes, tryParseJson } from '@firstword/records/import';
import { temporaryDir } from '@firstword/turn/store';
import type { Evidence } from '../evidence.js';
import { linesOf } from './lines.js';
import { DoctorReader, type ReaderOptions } from './reader.js';

/** A document of several lines is held in memory up to this size; above it, each line must be a JSON value. */
const MAX_DOCUMENT_CHARS = 64 * 1024 * 1024;
const ENDINGS = ['.jsonl', '.ndjson', '.json', '.log', '.txt'] as const;

/** Options of `examine`. */
export interface ExamineOptions extends ReaderOptions {
  signal?: AbortSignal | undefined;
  /** Called with the fraction read, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** What the path `-` reads; `process.stdin` by default. */
  stdin?: Readable;
}

/** Lines that are one JSON document together, or one value each. */
class Document {
  #held: { text: string; line: number }[] = [];
  #chars = 0;
  #isOne: boolean | undefined;
  readonly #reader: DoctorReader;
  readonly #file: string;

  constructor(reader: DoctorReader, file: string) {
    this.#reader = reader;
    this.#file = file;
  }

  line(text: string | undefined, line: number): void {
    this.#isOne ??= text !== undefined && /^\s*[[{]\s*$|^\s*[[{]\s*["{]/.test(text) && !tryParseJson(text);
    if (this.#isOne && text !== undefined) {
      this.#held.push({ text, line });
      this.#chars += text.length;
      if (this.#chars > MAX_DOCUMENT_CHARS) this.end();
    } else this.#reader.line(text, { file: this.#file, line });
  }

  end(): void {
    const held = this.#held;
    this.#held = [];
    this.#isOne = false;
    if (held.length === 0) return;
    const whole = held.length > 1 ? held.map(({ text }) => text).join('\n') : '';
    if (tryParseJson(whole)) this.#reader.line(whole, { file: this.#file, line: held[0]!.line });
    else for (const { text, line } of held) this.#reader.line(text, { file: this.#file, line });
  }
}

/** @returns why the file could not be read to its end, if so */
async function readFile(
  file: InputFile,
  reader: DoctorReader,
  options: ExamineOptions & { onRead(bytes: number): void },
) {
  const document = new Document(reader, file.name);
  const input = readBytes(file, options.onRead);
  try {
    for await (const lines of linesOf(input)) {
      options.signal?.throwIfAborted();
      for (const { text, line } of lines)
        document.line(line === 1 ? text?.replace(/^\uFEFF/, '') : text, line);
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    return 'is a damaged gzip file, read as far as it goes: what comes after';
  } finally {
    input.destroy();
    document.end();
  }
  return undefined;
}

/**
 * Reads files, folders and `-` into evidence, in bounded memory. What could not be read is listed in `input`.
 * @throws FirstwordError `bad_input` where there is nothing that can be read
 */
export async function examine(paths: readonly string[], options: ExamineOptions = {}): Promise<Evidence> {
  const dir = await temporaryDir({ purpose: 'doctor' });
  try {
    const stdin = options.stdin ?? process.stdin;
    const { files, skipped } = await findInputs(paths, {
      stdin,
      dir,
      endings: ENDINGS,
      signal: options.signal,
    });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const reader = new DoctorReader(options);
    let read = 0;
    const onRead = (count: number) => {
      read += count;
      options.onProgress?.(bytes > 0 ? Math.min(1, read / bytes) : 1);
    };
    for (const file of files) {
      const reason = await readFile(file, reader, { ...options, onRead });
      if (reason) skipped.push({ name: file.name, reason });
    }
    return reader.finish({ files: files.length, bytes, skippedFiles: skipped });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Reads text that was pasted, such as one line of a log. */
export function examineText(text: string, options: ReaderOptions = {}): Evidence {
  const reader = new DoctorReader(options);
  const document = new Document(reader, 'pasted');
  for (const [at, line] of text.split(/\r?\n/).entries()) if (line.trim() !== '') document.line(line, at + 1);
  document.end();
  return reader.finish({ files: 0, bytes: Buffer.byteLength(text), skippedFiles: [] });
}
