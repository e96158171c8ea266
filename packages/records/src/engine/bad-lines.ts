import { isCallRecord, isFirstwordError, parseCallRecord, parseTurnRecord } from '@firstword/turn';
import { LINE_TOO_LONG, linesOf, Pauses } from '../import/lines.js';
import type { UnreadLine } from '../report/turn-report.js';
import { type InputFile, isZlibError, readBytes } from './inputs.js';

const WHOLE_RECORD = /^\{"schema":"firstword\.(turn|call)\/1",.*\}\s*$/s;

/** Why a line is no record of a turn or of a call, without quoting it; `undefined` where it is one. */
export function reasonOf(line: string): string | undefined {
  try {
    if (isCallRecord(line)) parseCallRecord(line);
    else parseTurnRecord(line);
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
  const pauses = new Pauses(options.signal);
  let last = 0;
  try {
    for await (const lines of linesOf(input)) {
      for (const { line, text } of lines) {
        last = line;
        await pauses.after(text);
        if (text !== undefined && !isSuspect(text)) continue;
        const reason = text === undefined ? LINE_TOO_LONG : reasonOf(text);
        if (reason !== undefined) found.push({ file: file.name, line, reason });
        if (found.length >= Math.min(options.name, options.count)) return found;
      }
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    const reason = 'the gzip file is truncated here: the rest is lost';
    found.push({ file: file.name, line: last + 1, reason });
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
  const obvious = await scan(file, options, (text) => !WHOLE_RECORD.test(text));
  if (obvious.length >= Math.min(options.name, options.count)) return obvious;
  return scan(file, options, () => true);
}
