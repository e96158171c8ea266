import { closeSync, fstatSync, mkdirSync, openSync, readSync, write } from 'node:fs';
import { join } from 'node:path';
import { FirstwordError } from '../errors.js';
import type { TurnRecord } from '../record/record.js';
import type { CallRecord } from '../silences/call-record.js';

/** Options of `openTurnStore`. */
export interface TurnStoreOptions {
  /** Folder of the files; created if it does not exist. */
  dir: string;
  /** Names the file, `<callId>.jsonl`: letters, digits, `.`, `_` and `-`. */
  callId: string;
  /** Called once, when the first record could not be written; the call continues. */
  onError?: ((error: FirstwordError) => void) | undefined;
}

/** One call's turn records and its record, one line of JSON each, in one file. */
export interface TurnStore {
  readonly path: string;
  /** Records that could not be written. */
  readonly lost: number;
  /** Queues one line for writing. Never throws, never waits for the disk. */
  append(record: TurnRecord | CallRecord): void;
  /** Resolves when everything appended so far has been handed to the operating system, so that it survives this process. */
  flushed(): Promise<void>;
  /** Writes what is queued and closes the file. Idempotent; records appended later are lost and reported to `onError`. */
  close(): Promise<void>;
}

const SAFE_CALL_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const NEW_LINE = 0x0a;

const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** Opens the file for appending, and checks whether a crash truncated its last line. */
function openForAppend(path: string): { fd: number; cutOff: boolean } {
  const fd = openSync(path, 'a+', 0o600);
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return { fd, cutOff: size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEW_LINE };
}

/** One write for the whole line: in append mode it goes to the end of the file in one piece. */
function writeOnce(fd: number, line: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    write(fd, line, 0, line.length, null, (error, written) => {
      if (error) reject(error);
      else if (written < line.length) reject(new Error('the disk took only a part of the line'));
      else resolve();
    });
  });
}

class FileTurnStore implements TurnStore {
  readonly path: string;
  lost = 0;
  readonly #fd: number;
  readonly #onError: TurnStoreOptions['onError'];
  /** The last line is incomplete: start the next record on a new line. */
  #cutOff: boolean;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, options: TurnStoreOptions) {
    this.path = path;
    this.#onError = options.onError;
    ({ fd: this.#fd, cutOff: this.#cutOff } = openForAppend(path));
  }

  append(record: TurnRecord | CallRecord): void {
    if (this.#closed) {
      this.#lose(new Error('the store was closed'));
      return;
    }
    // Serialized now, because the caller may still change the record.
    const line = `${JSON.stringify(record)}\n`;
    this.#tail = this.#tail.then(() => this.#write(line));
  }

  flushed(): Promise<void> {
    return this.#tail;
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#tail = this.#tail.then(() => closeSync(this.#fd));
    }
    return this.#tail;
  }

  async #write(line: string): Promise<void> {
    try {
      await writeOnce(this.#fd, Buffer.from(this.#cutOff ? `\n${line}` : line));
      this.#cutOff = false;
    } catch (error) {
      this.#cutOff = true;
      this.#lose(error);
    }
  }

  #lose(cause: unknown): void {
    this.lost += 1;
    if (this.lost > 1) return;
    const message = `a turn record could not be written to ${this.path} (${errnoOf(cause)}): free some space there, or choose another folder for the next call; this call goes on without`;
    this.#onError?.(new FirstwordError('unwritable', message, { cause }));
  }
}

/**
 * Opens one call's file of turn records; an existing one is appended to.
 * @throws FirstwordError `bad_input` for a call id that is not a valid file name; `unwritable` where the folder or the file
 * cannot be written.
 */
export function openTurnStore(options: TurnStoreOptions): TurnStore {
  if (!SAFE_CALL_ID.test(options.callId)) {
    throw new FirstwordError(
      'bad_input',
      'the call id names the file of its records: use letters, digits, ".", "_" and "-", at most 200, not "." first',
    );
  }
  try {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    return new FileTurnStore(join(options.dir, `${options.callId}.jsonl`), options);
  } catch (cause) {
    throw new FirstwordError(
      'unwritable',
      `turn records cannot be written to ${options.dir} (${errnoOf(cause)}): choose a folder that you may write to`,
      { cause },
    );
  }
}
