import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** A line of a file; one too long to be a record comes without its text. */
export interface NumberedLine {
  /** From 1. */
  line: number;
  text: string | undefined;
}

/** A longer line is not read. The limit bounds the memory and the time that one line takes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Why such a line was not read. */
export const LINE_TOO_LONG = 'longer than 16 MB, more than a record can be';

/** Why a line was not read on which a reader threw an error. */
export const unreadableReason = (error: unknown): string =>
  `cannot be read (${error instanceof Error ? error.name : 'unknown error'})`;

const FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line without its carriage return. */
const textOf = (line: Buffer): string =>
  line.toString('utf8', 0, line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length);

/**
 * Cuts a stream of bytes into lines, however long they are. Blank ones are left out, and counted. If the stream fails, what
 * it gave of the last line comes before the error.
 */
export async function* linesOf(input: Readable): AsyncGenerator<NumberedLine[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 0;
  const take = (): NumberedLine | undefined => {
    line += 1;
    const isTooLong = heldBytes > MAX_LINE_BYTES;
    const text = isTooLong ? undefined : textOf(held.length === 1 ? held[0]! : Buffer.concat(held));
    held = [];
    heldBytes = 0;
    return text?.trim() === '' ? undefined : { line, text };
  };
  const hold = (part: Buffer) => {
    heldBytes += part.length;
    if (heldBytes <= MAX_LINE_BYTES) held.push(part);
    else held = [];
  };
  const last = (): NumberedLine[] => {
    const found = heldBytes > 0 ? take() : undefined;
    return found ? [found] : [];
  };
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const lines: NumberedLine[] = [];
      let from = 0;
      for (let at = chunk.indexOf(FEED); at >= 0; at = chunk.indexOf(FEED, from)) {
        hold(chunk.subarray(from, at));
        const found = take();
        if (found) lines.push(found);
        from = at + 1;
      }
      if (from < chunk.length) hold(chunk.subarray(from));
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    yield last();
    throw error;
  }
  yield last();
}

/** Work after which other events are let in, in characters: about 10 ms. */
const PAUSE_CHARS = 128 * 1024;
/** What a line takes besides its characters. */
const LINE_CHARS = 64;

/**
 * Lets signals and timers run while many lines are read. Without pauses, a file whose lines are all in memory already could not
 * be interrupted.
 */
export class Pauses {
  readonly #signal: AbortSignal | undefined;
  #chars = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Counts a line, and pauses if one is due. @throws what the signal was aborted with */
  async after(text: string | undefined): Promise<void> {
    this.#chars += LINE_CHARS + (text?.length ?? 0);
    if (this.#chars < PAUSE_CHARS) return;
    this.#chars = 0;
    await setImmediate();
    this.#signal?.throwIfAborted();
  }
}
