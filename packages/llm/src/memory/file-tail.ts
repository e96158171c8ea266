import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What has been appended between two readings is more than any fleet writes on one machine: the rest is skipped, bytes. */
const MAX_NEWS = 1_000_000;

/** The end of a file, from the first whole line. */
export function readEnd(path: string, maxBytes: number): { text: string; size: number } {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, maxBytes));
    const length = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, length);
    return { text: size > maxBytes ? text.slice(text.indexOf('\n') + 1) : text, size };
  } finally {
    closeSync(fd);
  }
}

/** Reads the lines that others append to a file, while somebody wants them. */
export class FileTail {
  readonly #path: string;
  readonly #pollMs: number;
  readonly #onLines: (lines: string[]) => void;
  #offset: number;
  #inode: number | undefined;
  #holders = 0;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;

  /** @param options.from where to start, bytes */
  constructor(options: { path: string; from: number; pollMs: number; onLines: (lines: string[]) => void }) {
    this.#path = options.path;
    this.#offset = options.from;
    this.#pollMs = options.pollMs;
    this.#onLines = options.onLines;
  }

  /** Reads until the returned function is called. Keeps no process alive. */
  hold(): () => void {
    this.#holders += 1;
    this.#timer ??= setInterval(() => void this.#poll(), this.#pollMs).unref();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      if (this.#holders > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** A file that cannot be read has no news. */
  async #poll(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const file = await open(this.#path, 'r');
      try {
        await this.#read(file);
      } finally {
        await file.close();
      }
    } catch {
      // Removed, perhaps: another process may write it again.
    } finally {
      this.#isReading = false;
    }
  }

  async #read(file: FileHandle): Promise<void> {
    const { size, ino } = await file.stat();
    const isOther = (this.#inode !== undefined && ino !== this.#inode) || size < this.#offset;
    this.#inode = ino;
    // Another process has rewritten it, with lines that are known here.
    if (isOther) this.#offset = size;
    if (size - this.#offset > MAX_NEWS) this.#offset = size - MAX_NEWS;
    const bytes = Buffer.alloc(size - this.#offset);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
    const end = bytes.lastIndexOf(0x0a, bytesRead - 1) + 1;
    if (end === 0) return;
    this.#offset += end;
    this.#onLines(bytes.toString('utf8', 0, end).split('\n'));
  }
}
