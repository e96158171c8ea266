import type { Readable } from 'node:stream';
import { findInputs, LogicalLines, readFiles } from '@firstword/records/import';
import { openTemporaryFolder } from '@firstword/turn/store';
import type { Evidence } from '../evidence.js';
import { DoctorReader, type ReaderOptions } from './reader.js';

/** Nearly all turn records are shorter: they take 2 to 10 KB. */
const MOST_RECORD_BYTES = 10_000;

/** Options of `examine`. */
export interface ExamineOptions extends ReaderOptions {
  signal?: AbortSignal | undefined;
  /** Called with the fraction read, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** What the path `-` reads; `process.stdin` by default. */
  stdin?: Readable;
}

/**
 * Reads files, folders and `-` into evidence, in bounded memory. `input` lists what could not be read.
 * @throws FirstwordError `bad_input` if nothing can be read
 */
export async function examine(paths: readonly string[], options: ExamineOptions = {}): Promise<Evidence> {
  const folder = await openTemporaryFolder({ purpose: 'doctor' });
  try {
    const { stdin = process.stdin, signal, onProgress } = options;
    const { files, skipped } = await findInputs(paths, { stdin, dir: folder.path, signal });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const recordBytes = files.reduce((sum, file) => sum + (file.form === 'turns' ? file.bytes : 0), 0);
    const reader = new DoctorReader({ ...options, leastTurns: recordBytes / MOST_RECORD_BYTES });
    const damaged = await readFiles(files, {
      signal,
      onProgress,
      read: (line, file) => reader.line(line, file.name, { isOfRecords: file.form === 'turns' }),
    });
    return reader.finish({ files: files.length, bytes, skippedFiles: [...skipped, ...damaged] });
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
