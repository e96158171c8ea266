import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FirstwordError,
  isCallRecord,
  isFirstwordError,
  parseTurnRecord,
  type TurnRecord,
} from '@firstword/turn';
import { LINE_TOO_LONG, linesOf, Pauses } from '../import/lines.js';

/** A line that is not a turn record. */
export interface BadLine {
  file: string;
  /** From 1. */
  line: number;
  /** `file:line: ` and what is invalid. */
  message: string;
}

/** Options of `readTurns`. */
export interface ReadTurnsOptions {
  /** Called for each bad line; reading continues after it. */
  onBadLine: (bad: BadLine) => void;
  signal?: AbortSignal;
}

async function filesAt(pathOrDir: string): Promise<string[]> {
  const found = await stat(pathOrDir).catch((cause: unknown) => {
    throw new FirstwordError('bad_input', `there are no turn records at ${pathOrDir}: check the path`, {
      cause,
    });
  });
  if (!found.isDirectory()) return [pathOrDir];
  const files = (await readdir(pathOrDir)).filter((name) => name.endsWith('.jsonl')).sort();
  if (files.length === 0) {
    throw new FirstwordError('bad_input', `${pathOrDir} has no .jsonl file: is it where the records went?`);
  }
  return files.map((name) => join(pathOrDir, name));
}

function recordOf(text: string, onInvalid: (message: string) => void): TurnRecord | undefined {
  try {
    return parseTurnRecord(text);
  } catch (error) {
    if (!isFirstwordError(error, 'record_invalid')) throw error;
    onInvalid(error.message);
    return undefined;
  }
}

/**
 * The turn records of a file (records of calls are passed over), or of every `.jsonl` file of a folder by name, one after another as they are read.
 * @throws FirstwordError `bad_input` where the file does not exist, or the folder has none.
 */
export async function* readTurns(pathOrDir: string, options: ReadTurnsOptions): AsyncGenerator<TurnRecord> {
  const pauses = new Pauses(options.signal);
  for (const file of await filesAt(pathOrDir)) {
    const input = createReadStream(file);
    try {
      for await (const lines of linesOf(input)) {
        for (const { line, text } of lines) {
          options.signal?.throwIfAborted();
          await pauses.after(text);
          const onInvalid = (reason: string) =>
            options.onBadLine({ file, line, message: `${file}:${line}: ${reason}` });
          if (text === undefined) onInvalid(LINE_TOO_LONG);
          const record = text === undefined || isCallRecord(text) ? undefined : recordOf(text, onInvalid);
          if (record) yield record;
        }
      }
    } finally {
      input.destroy();
    }
  }
}
