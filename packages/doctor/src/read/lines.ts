import type { Readable } from 'node:stream';

/** A line of a file; one too long to be a record comes without its text. */
export interface NumberedLine {
  /** From 1. */
  line: number;
  text: string | undefined;
}

/** A longer line is not a record; the limit also bounds the memory that one line takes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const FEED = 0x0a;

/** Cuts a stream of bytes into lines, however long they are. Blank ones are left out, and counted. */
export async function* linesOf(input: Readable): AsyncGenerator<NumberedLine[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 0;
  const take = (): NumberedLine | undefined => {
    line += 1;
    const isTooLong = heldBytes > MAX_LINE_BYTES;
    const text = isTooLong
      ? undefined
      : (held.length === 1 ? held[0]! : Buffer.concat(held)).toString('utf8');
    held = [];
    heldBytes = 0;
    return text?.trim() === '' ? undefined : { line, text };
  };
  const hold = (part: Buffer) => {
    heldBytes += part.length;
    if (heldBytes <= MAX_LINE_BYTES) held.push(part);
    else held = [];
  };
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
  const last = heldBytes > 0 ? take() : undefined;
  if (last) yield [last];
}
