import type { Readable } from 'node:stream';
import { MAX_LINE_BYTES } from '../../import/lines.js';

/** Bytes of a block: enough that passing it to a thread is cheap, and few enough that a block takes some 50 ms. */
const BLOCK_BYTES = 1024 * 1024;
const FEED = 0x0a;

/** Whole lines; without bytes, one line that is too long to be read. */
export type Block = Uint8Array<ArrayBuffer> | 'too long';

/** Collects bytes, and gives them back as whole lines. */
class LineCutter {
  #held: Buffer[] = [];
  #bytes = 0;
  /** Bytes up to and with the last line feed. */
  #whole = 0;

  /** @returns whether there are no whole lines in more bytes than a line may have */
  add(chunk: Buffer): boolean {
    const feed = chunk.lastIndexOf(FEED);
    if (feed >= 0) this.#whole = this.#bytes + feed + 1;
    this.#held.push(chunk);
    this.#bytes += chunk.length;
    return this.#whole === 0 && this.#bytes > MAX_LINE_BYTES;
  }

  get isFull(): boolean {
    return this.#bytes >= BLOCK_BYTES && this.#whole > 0;
  }

  /** Takes the whole lines; with `all`, also what comes after the last line feed. */
  take({ all = false } = {}): Uint8Array<ArrayBuffer> {
    // Memory of its own, because it is handed over to another thread.
    const bytes = new Uint8Array(all ? this.#bytes : this.#whole);
    let at = 0;
    let rest: Buffer | undefined;
    for (const part of this.#held) {
      const fits = part.subarray(0, bytes.length - at);
      bytes.set(fits, at);
      at += fits.length;
      if (fits.length < part.length)
        rest = rest ? Buffer.concat([rest, part.subarray(fits.length)]) : part.subarray(fits.length);
    }
    this.#held = rest ? [rest] : [];
    this.#bytes = rest?.length ?? 0;
    this.#whole = 0;
    return bytes;
  }
}

/**
 * Cuts a stream of bytes into blocks of whole lines. If the stream fails, what it gave comes before the error, the beginning of
 * a line too.
 */
export async function* cutBlocks(input: Readable): AsyncGenerator<Block> {
  const cutter = new LineCutter();
  let isSkipping = false;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const from = isSkipping ? chunk.indexOf(FEED) + 1 : 0;
      if (isSkipping && from === 0) continue;
      isSkipping = false;
      if (cutter.add(chunk.subarray(from))) {
        cutter.take({ all: true });
        isSkipping = true;
        yield 'too long';
      } else if (cutter.isFull) yield cutter.take();
    }
  } catch (error) {
    yield cutter.take({ all: true });
    throw error;
  }
  yield cutter.take({ all: true });
}
