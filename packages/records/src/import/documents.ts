import type { Readable } from 'node:stream';
import { type InputFile, isZlibError, readBytes, type SkippedFile } from './inputs.js';
import { linesOf, Pauses } from './lines.js';
import { type LogicalLine, LogicalLines } from './logical-lines.js';

/** Options of `readDocuments`. */
export interface ReadDocumentsOptions {
  signal?: AbortSignal | undefined;
  /** Called with each line as the program wrote it, and once with the lines that are one printed object together. */
  read(one: LogicalLine): void | Promise<void>;
}

/**
 * Reads a stream to its end, with pauses, and closes it.
 * @throws what the signal was aborted with; the error of a damaged gzip file, after what comes before the damage was read
 */
export async function readDocuments(input: Readable, { signal, read }: ReadDocumentsOptions): Promise<void> {
  const logical = new LogicalLines();
  const pauses = new Pauses(signal);
  const readAll = async (lines: readonly LogicalLine[]) => {
    for (const one of lines) {
      await read(one);
      await pauses.after(one.text);
    }
  };
  try {
    for await (const lines of linesOf(input)) {
      signal?.throwIfAborted();
      for (const { line, text } of lines)
        await readAll(logical.add({ line, text: line === 1 ? text?.replace(/^\uFEFF/, '') : text }));
    }
  } catch (error) {
    if (isZlibError(error)) await readAll(logical.end());
    throw error;
  } finally {
    input.destroy();
  }
  await readAll(logical.end());
}

/** What to say of a gzip file whose end cannot be unpacked. */
const DAMAGED_GZIP = 'is a damaged gzip file, read as far as possible: the rest';

/** Reads a file to its end, or to the damage in a gzip file. @returns the file, if it is damaged */
export async function untilDamage(
  file: InputFile,
  reading: () => Promise<void>,
): Promise<SkippedFile | undefined> {
  try {
    await reading();
    return undefined;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    return { name: file.name, reason: DAMAGED_GZIP };
  }
}

/** Options of `readFiles`. */
export interface ReadFilesOptions {
  signal?: AbortSignal | undefined;
  /** Called with the fraction of the bytes that was read, 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** Called with each line, as `readDocuments` gives it, and its file. */
  read(one: LogicalLine, file: InputFile): void | Promise<void>;
}

/** Reads files one after the other. @returns those that are damaged: what comes before the damage was read */
export async function readFiles(
  files: readonly InputFile[],
  { signal, onProgress, read }: ReadFilesOptions,
): Promise<SkippedFile[]> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const damaged: SkippedFile[] = [];
  let done = 0;
  const onRead = (count: number) => {
    done += count;
    onProgress?.(bytes > 0 ? Math.min(1, done / bytes) : 1);
  };
  for (const file of files) {
    const found = await untilDamage(file, () =>
      readDocuments(readBytes(file, onRead), { signal, read: (one) => read(one, file) }),
    );
    if (found) damaged.push(found);
  }
  return damaged;
}
