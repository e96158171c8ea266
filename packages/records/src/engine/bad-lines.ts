import { createInterface } from 'node:readline';
import { isFirstwordError, parseTurnRecord } from '@firstword/turn';
import type { UnreadLine } from '../report/turn-report.js';
import { type InputFile, isZlibError, readBytes } from './inputs.js';
import { MAX_LINE_BYTES } from './load.js';

const WHOLE_TURN = /^\{"schema":"firstword\.turn\/1",.*\}\s*$/s;

/** Why a line is not a turn record, without quoting it; `undefined` where it is one. */
export function reasonOf(line: string): string | undefined {
  if (line.length > MAX_LINE_BYTES) return 'longer than the maximum of a turn record (16 MB)';
  try {
    parseTurnRecord(line);
    return undefined;
  } catch (error) {
    if (isFirstwordError(error, 'record_invalid')) return error.message;
    throw error;
  }
}

/** Options of `findBadLines`. */
export interface FindBadOptions {
  /** How many bad lines the file has. */
  count: number;
  /** How many to name. */
  name: number;
  signal?: AbortSignal | undefined;
}

async function scan(
  file: InputFile,
  options: FindBadOptions,
  isSuspect: (line: string) => boolean,
): Promise<UnreadLine[]> {
  const found: UnreadLine[] = [];
  const input = readBytes(file);
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      options.signal?.throwIfAborted();
      line += 1;
      if (text.trim() === '' || !isSuspect(text)) continue;
      const reason = reasonOf(text);
      if (reason !== undefined) found.push({ file: file.name, line, reason });
      if (found.length >= Math.min(options.name, options.count)) break;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    const reason = 'the gzip file is truncated here: the rest is lost';
    found.push({ file: file.name, line: line + 1, reason });
  } finally {
    input.destroy();
  }
  return found;
}

/**
 * Lists some bad lines of a file in which DuckDB counted `count`. Most are truncated lines or something else entirely,
 * which their first and last characters show; only if those are too few is every line validated.
 */
export async function findBadLines(file: InputFile, options: FindBadOptions): Promise<UnreadLine[]> {
  const obvious = await scan(file, options, (text) => !WHOLE_TURN.test(text));
  if (obvious.length >= Math.min(options.name, options.count)) return obvious;
  return scan(file, options, () => true);
}
