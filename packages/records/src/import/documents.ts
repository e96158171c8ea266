import type { Readable } from 'node:stream';
import { isZlibError } from '../engine/inputs.js';
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
