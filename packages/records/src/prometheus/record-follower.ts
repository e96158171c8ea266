import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CallRecord,
  FirstwordError,
  isCallRecord,
  isFirstwordError,
  parseCallRecord,
  parseTurnRecord,
  type TurnRecord,
} from '@firstword/turn';
import { MAX_LINE_BYTES } from '../import/lines.js';

/** Bytes read at once; lines may be longer. */
const CHUNK_BYTES = 1 << 20;
const NEW_LINE = 0x0a;

/** Options of `RecordFollower`. */
export interface RecordFollowerOptions {
  /** A folder with turn records, also in subfolders. It may not exist yet. */
  dir: string;
  onRecord(record: TurnRecord): void;
  /** Called for the record of a call. Default: nothing. */
  onCall?(record: CallRecord): void;
  /** Called for a complete line that is neither. */
  onBadLine(): void;
}

interface FilePosition {
  /** Everything before this has been read. */
  offset: number;
  /** The line at `offset` is too long to be a record and is skipped up to its end. */
  isSkipping: boolean;
}

/**
 * Follows the turn records of a folder to which other processes append: each `poll` reads the new complete
 * lines and leaves an incomplete line for the next one.
 */
export class RecordFollower {
  readonly #options: RecordFollowerOptions;
  readonly #places = new Map<string, FilePosition>();
  #polling: Promise<void> = Promise.resolve();

  constructor(options: RecordFollowerOptions) {
    this.#options = options;
  }

  /**
   * Reads the new lines. Concurrent polls wait for each other.
   * @throws FirstwordError `bad_input` where the folder cannot be read
   */
  poll(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const next = this.#polling.then(() => this.#poll(options.signal));
    this.#polling = next.catch(() => {});
    return next;
  }

  async #poll(signal: AbortSignal | undefined): Promise<void> {
    const paths = await recordFiles(this.#options.dir);
    for (const path of paths) {
      signal?.throwIfAborted();
      await this.#read(path, signal);
    }
    for (const path of this.#places.keys()) if (!paths.has(path)) this.#places.delete(path);
  }

  async #read(path: string, signal: AbortSignal | undefined): Promise<void> {
    // Retention may remove a file after the listing: it has nothing new.
    const handle = await open(path).catch(() => undefined);
    if (!handle) return;
    try {
      const place = this.#places.get(path) ?? { offset: 0, isSkipping: false };
      this.#places.set(path, place);
      const { size } = await handle.stat();
      if (size < place.offset) Object.assign(place, { offset: 0, isSkipping: false });
      while (place.offset < size && (await this.#readLines(handle, place))) signal?.throwIfAborted();
    } finally {
      await handle.close();
    }
  }

  /** Reads one piece of a file. @returns whether it came any further */
  async #readLines(handle: FileHandle, place: FilePosition): Promise<boolean> {
    const { bytes, lastEnd } = await wholeLines(handle, place.offset);
    if (lastEnd < 0) {
      if (bytes.length < MAX_LINE_BYTES) return false;
      place.offset += bytes.length;
      place.isSkipping = true;
      return true;
    }
    place.offset += lastEnd + 1;
    const lines = bytes.toString('utf8', 0, lastEnd).split('\n');
    if (place.isSkipping) {
      lines.shift();
      place.isSkipping = false;
      this.#options.onBadLine();
    }
    for (const line of lines) if (line.trim() !== '') this.#take(line);
    return true;
  }

  #take(line: string): void {
    const { onRecord, onCall, onBadLine } = this.#options;
    let take: () => void;
    try {
      if (isCallRecord(line)) {
        const call = parseCallRecord(line);
        take = () => onCall?.(call);
      } else {
        const turn = parseTurnRecord(line);
        take = () => onRecord(turn);
      }
    } catch (error) {
      if (!isFirstwordError(error, 'record_invalid')) throw error;
      onBadLine();
      return;
    }
    take();
  }
}

/** Bytes from `offset`, enough to contain the end of a line, and the position of the last line end, or −1. */
async function wholeLines(handle: FileHandle, offset: number): Promise<{ bytes: Buffer; lastEnd: number }> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(piece, 0, CHUNK_BYTES, offset + bytes.length);
    bytes = Buffer.concat([bytes, piece.subarray(0, bytesRead)]);
    const lastEnd = bytes.lastIndexOf(NEW_LINE);
    if (lastEnd >= 0 || bytesRead === 0 || bytes.length >= MAX_LINE_BYTES) return { bytes, lastEnd };
  }
}

/** Agents create the folder with their first call: until then there are no files. */
async function recordFiles(dir: string): Promise<Set<string>> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'));
    return new Set(files.map((entry) => join(entry.parentPath, entry.name)).sort());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return new Set();
    const message = `the turn records in ${dir} cannot be read (${code}): give a folder that you may read`;
    throw new FirstwordError('bad_input', message, { cause: error });
  }
}
