import type { Readable } from 'node:stream';
import { isZlibError } from '../engine/inputs.js';
import { tryParseJson } from './json.js';
import { linesOf, type NumberedLine, Pauses } from './lines.js';

/** Maximum memory of a document that spans lines; above it, each line must be one JSON value. Bytes, as estimated below. */
const MAX_HELD_BYTES = 128 * 1024 * 1024;
/** Memory of a line besides its characters. */
const LINE_BYTES = 64;

/** The first line of a pretty-printed JSON document. Many logs put a time or a level in brackets. */
const DOCUMENT_START = /^\s*[[{]\s*(?:$|["{[])/;

/** Joins the lines of a file that are one JSON document together; any other line is passed on as it is. */
export class DocumentLines {
  #held: NumberedLine[] = [];
  #heldBytes = 0;
  #isOne: boolean | undefined;

  /** Takes a line. @returns the lines that can be read now */
  add(one: NumberedLine): readonly NumberedLine[] {
    const { text } = one;
    this.#isOne ??= text !== undefined && DOCUMENT_START.test(text) && !tryParseJson(text);
    if (!this.#isOne) return [one];
    if (text === undefined) return [...this.end(), one];
    this.#held.push(one);
    this.#heldBytes += text.length + LINE_BYTES;
    return this.#heldBytes > MAX_HELD_BYTES ? this.end() : [];
  }

  /** The lines that are still held: one document, or each line. */
  end(): readonly NumberedLine[] {
    const held = this.#held;
    this.#held = [];
    this.#isOne = false;
    if (held.length < 2) return held;
    const text = held.map((one) => one.text).join('\n');
    return tryParseJson(text) ? [{ line: held[0]!.line, text }] : held;
  }
}

/** Options of `readDocuments`. */
export interface ReadDocumentsOptions {
  signal?: AbortSignal | undefined;
  /** Called with each line, and once with the lines that are one JSON document together. */
  read(one: NumberedLine): void | Promise<void>;
}

/**
 * Reads a stream to its end, with pauses, and closes it.
 * @throws what the signal was aborted with; the error of a damaged gzip file, after what comes before the damage was read
 */
export async function readDocuments(input: Readable, { signal, read }: ReadDocumentsOptions): Promise<void> {
  const document = new DocumentLines();
  const pauses = new Pauses(signal);
  const readAll = async (lines: readonly NumberedLine[]) => {
    for (const one of lines) {
      await read(one);
      await pauses.after(one.text);
    }
  };
  try {
    for await (const lines of linesOf(input)) {
      signal?.throwIfAborted();
      for (const { line, text } of lines)
        await readAll(document.add({ line, text: line === 1 ? text?.replace(/^\uFEFF/, '') : text }));
    }
  } catch (error) {
    if (isZlibError(error)) await readAll(document.end());
    throw error;
  } finally {
    input.destroy();
  }
  await readAll(document.end());
}
