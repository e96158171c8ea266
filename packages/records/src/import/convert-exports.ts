import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type CallRecord, toTurnRecord } from '@firstword/turn';
import { type InputFile, readBytes } from '../engine/inputs.js';
import type { UnreadLine } from '../report/turn-report.js';
import { readDocuments } from './documents.js';
import { InputReader } from './input-reader.js';
import type { RefusedInput } from './refused.js';

/** The result of converting exports. */
export interface ConvertedExports {
  /** Turns by the format they were read from, without Firstword's own records. */
  imported: Map<string, number>;
  badLines: number;
  someBadLines: UnreadLine[];
  /** Lines of logs without metrics, and of other text. */
  otherLines: number;
  /** Formats that hold no turns, with what to export instead. */
  refused: RefusedInput[];
}

/** Options of `convertExports`. */
export interface ConvertExportsOptions {
  /** Path of the file to write, one record of a turn or call a line, without transcripts. */
  to: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number) => void) | undefined;
  onCall?: ((record: CallRecord) => void) | undefined;
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
  const imported = new Map<string, number>();
  const reader = new InputReader({
    turn: (turn) => {
      const { transcript: _, ...record } = 'schema' in turn ? turn : toTurnRecord(turn);
      const from = record.imported?.from;
      if (!('schema' in turn) && from) imported.set(from, (imported.get(from) ?? 0) + 1);
      out.write(`${JSON.stringify(record)}\n`);
    },
    call: (record) => {
      options.onCall?.(record);
      out.write(`${JSON.stringify(record)}\n`);
    },
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
    await readDocuments(readBytes(file, onRead), {
      signal: options.signal,
      read: (line) => {
        reader.line(line, file.name);
        return written();
      },
    });
  }
  const { badLines, someBadLines, otherLines, refused } = reader.finish();
  out.end();
  await ended;
  return { imported, badLines, someBadLines, otherLines, refused };
}
