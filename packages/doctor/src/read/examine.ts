import type { Readable } from 'node:stream';
import {
  findInputs,
  type InputFile,
  isZlibError,
  LogicalLines,
  readBytes,
  readDocuments,
} from '@firstword/records/import';
import { openTemporaryFolder } from '@firstword/turn/store';
import type { Evidence } from '../evidence.js';
import { DoctorReader, type ReaderOptions } from './reader.js';

/** Options of `examine`. */
export interface ExamineOptions extends ReaderOptions {
  signal?: AbortSignal | undefined;
  /** Called with the fraction read, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** What the path `-` reads; `process.stdin` by default. */
  stdin?: Readable;
}

/** @returns why the file could not be read to its end, if so */
async function readFile(
  file: InputFile,
  reader: DoctorReader,
  options: ExamineOptions & { onRead(bytes: number): void },
) {
  try {
    await readDocuments(readBytes(file, options.onRead), {
      signal: options.signal,
      read: (line) => reader.line(line, file.name),
    });
    return undefined;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    return 'is a damaged gzip file, read as far as it goes: what comes after';
  }
}

/**
 * Reads files, folders and `-` into evidence, in bounded memory. `input` lists what could not be read.
 * @throws FirstwordError `bad_input` if nothing can be read
 */
export async function examine(paths: readonly string[], options: ExamineOptions = {}): Promise<Evidence> {
  const folder = await openTemporaryFolder({ purpose: 'doctor' });
  try {
    const stdin = options.stdin ?? process.stdin;
    const { files, skipped } = await findInputs(paths, {
      stdin,
      dir: folder.path,
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
    await folder.remove();
  }
}

/** Reads text that was pasted, such as one line of a log. */
export function examineText(text: string, options: ReaderOptions = {}): Evidence {
  const reader = new DoctorReader(options);
  const logical = new LogicalLines();
  for (const [at, line] of text.split(/\r?\n/).entries())
    if (line.trim() !== '')
      for (const one of logical.add({ line: at + 1, text: line })) reader.line(one, 'pasted');
  for (const one of logical.end()) reader.line(one, 'pasted');
  return reader.finish({ files: 0, bytes: Buffer.byteLength(text), skippedFiles: [] });
}
