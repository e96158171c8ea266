import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  isFirstwordError,
  parseTurnRecord,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
} from '@firstword/turn';
import { type InputFile, readBytes } from '../engine/inputs.js';
import type { UnreadLine } from '../report/turn-report.js';
import { readDocuments } from './documents.js';
import { textAt, tryParseJson } from './json.js';
import { LINE_TOO_LONG, unreadableReason } from './lines.js';
import { ChatHistoryImport } from './livekit/chat-history.js';
import { chatItemsOfLogs, OtlpImport } from './traces/otlp.js';

const NAMED_BAD_LINES = 5;

/** The result of converting exports. */
export interface ConvertedExports {
  /** Turns by the format they were read from, without Firstword's own records. */
  imported: Map<string, number>;
  badLines: number;
  someBadLines: UnreadLine[];
}

/** Options of `convertExports`. */
export interface ConvertExportsOptions {
  /** Path of the file to write, one turn record a line, without transcripts. */
  to: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number) => void) | undefined;
}

type Understood = 'turn' | 'export' | string;

/** Reads other tools' exports into turn records. */
class ExportReader {
  readonly imported = new Map<string, number>();
  badLines = 0;
  readonly someBadLines: UnreadLine[] = [];
  readonly #write: (record: TurnRecord) => void;
  /** The chat history of the file that is being read. */
  #chat = { file: '', history: new ChatHistoryImport() };
  readonly #traces = new OtlpImport();

  constructor(write: (record: TurnRecord) => void) {
    this.#write = write;
  }

  #give(observations: readonly TurnObservation[]): void {
    for (const observation of observations) {
      const from = observation.imported?.from ?? '';
      this.imported.set(from, (this.imported.get(from) ?? 0) + 1);
      this.#write(toTurnRecord(observation));
    }
  }

  /** `turn`, `export`, or the reason why it is neither. */
  #understand(text: string, file: string): Understood {
    const json = tryParseJson(text);
    if (!json) return 'not a line of JSON: is the file truncated?';
    const { value } = json;
    if (textAt(value, 'schema')?.startsWith('firstword.turn/')) return this.#turn(text);
    if (this.#traces.read(value)) return 'export';
    const logged = chatItemsOfLogs(value);
    if (this.#chat.file !== file) this.#chat = { file, history: new ChatHistoryImport() };
    const turns = this.#chat.history.read(logged.length > 0 ? logged : value, basename(file));
    if (!turns) return 'neither a turn record nor a known export (LiveKit chat history, OTLP/JSON traces)';
    this.#give(turns);
    return 'export';
  }

  #turn(text: string): Understood {
    try {
      const { transcript: _, ...record } = parseTurnRecord(text);
      this.#write(record);
      return 'turn';
    } catch (error) {
      if (isFirstwordError(error, 'record_invalid')) return error.message;
      throw error;
    }
  }

  /** Reads one line; `undefined` for a line that is too long. One that cannot be read is counted, whatever is wrong with it. */
  line(text: string | undefined, place: { file: string; line: number }): void {
    const found = text === undefined ? LINE_TOO_LONG : this.#reasonOrKind(text, place.file);
    if (found === 'turn' || found === 'export') return;
    this.badLines += 1;
    if (this.someBadLines.length < NAMED_BAD_LINES) this.someBadLines.push({ ...place, reason: found });
  }

  #reasonOrKind(text: string, file: string): Understood {
    try {
      return this.#understand(text, file);
    } catch (error) {
      return unreadableReason(error);
    }
  }

  finish(): void {
    this.#give(this.#traces.finish().map(({ observation }) => observation));
  }
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
  const reader = new ExportReader((record) => {
    out.write(`${JSON.stringify(record)}\n`);
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
      read: ({ text, line }) => {
        reader.line(text, { file: file.name, line });
        return written();
      },
    });
  }
  reader.finish();
  out.end();
  await ended;
  return reader;
}
