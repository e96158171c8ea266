import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FirstwordError, isFirstwordError, parseTurnRecord, type TurnRecord } from '@firstword/turn';

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
 * The turn records of a file, or of every `.jsonl` file of a folder by name, one after another as they are read.
 * @throws FirstwordError `bad_input` where the file does not exist, or the folder has none.
 */
export async function* readTurns(pathOrDir: string, options: ReadTurnsOptions): AsyncGenerator<TurnRecord> {
  for (const file of await filesAt(pathOrDir)) {
    const handle = await open(file);
    try {
      let line = 0;
      for await (const text of handle.readLines({ encoding: 'utf8' })) {
        options.signal?.throwIfAborted();
        line += 1;
        if (text.trim() === '') continue;
        const record = recordOf(text, (message) =>
          options.onBadLine({ file, line, message: `${file}:${line}: ${message}` }),
        );
        if (record) yield record;
      }
    } finally {
      await handle.close();
    }
  }
}
