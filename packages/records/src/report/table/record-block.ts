import { isCallRecord, isFirstwordError, parseCallRecord, parseTurnRecord } from '@firstword/turn';
import { RECORD_START } from '../../import/input-reader.js';
import { LINE_TOO_LONG, MAX_LINE_BYTES } from '../../import/lines.js';
import { RowBuilder } from './row-builder.js';
import type { Slowest } from './slowest.js';
import type { TurnRows } from './turn-rows.js';

/** A line of a block, counted from 1 within it. */
export interface BlockLine {
  line: number;
  text: string;
}

/** What the lines of a block hold. */
export interface BlockContent {
  rows: TurnRows;
  /** Lines, blank ones too. */
  lines: number;
  /** Records that are invalid: how many, and why the first few are. */
  badLines: number;
  someBadLines: { line: number; reason: string }[];
  /** Lines that are no whole record of a turn or of a call: the reader of all formats decides what they are. */
  others: BlockLine[];
}

const FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NAMED_BAD_LINES = 5;

/** Reads the records in whole lines of a file of turn records, as `InputReader` reads them, but only these. */
export function readBlock(bytes: Uint8Array, slowest: { gaps: Slowest; frames: Slowest }): BlockContent {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const builder = new RowBuilder(slowest);
  const content = { lines: 0, badLines: 0, someBadLines: [] as BlockContent['someBadLines'] };
  const others: BlockLine[] = [];
  const bad = (reason: string) => {
    content.badLines += 1;
    if (content.someBadLines.length < NAMED_BAD_LINES)
      content.someBadLines.push({ line: content.lines, reason });
  };
  for (let from = 0; from < buffer.length; ) {
    const feed = buffer.indexOf(FEED, from);
    const end = feed < 0 ? buffer.length : feed;
    content.lines += 1;
    if (end - from > MAX_LINE_BYTES) bad(`the line is ${LINE_TOO_LONG}`);
    else {
      const text = buffer.toString('utf8', from, buffer[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
      const reason = readRecord(text, builder);
      if (reason === 'no record') {
        if (text.trim() !== '') others.push({ line: content.lines, text });
      } else if (reason !== undefined) bad(reason);
    }
    from = end + 1;
  }
  return { rows: builder.rows(), ...content, others };
}

/** @returns why it cannot be read; `no record` if it is not a whole record */
function readRecord(text: string, builder: RowBuilder): string | undefined {
  const isTurn = text.startsWith(RECORD_START);
  if (!(isTurn || isCallRecord(text)) || !text.trimEnd().endsWith('}')) return 'no record';
  try {
    if (isTurn) builder.addTurn(parseTurnRecord(text));
    else builder.addCall(parseCallRecord(text));
    return undefined;
  } catch (error) {
    if (!isFirstwordError(error, 'record_invalid')) throw error;
    return error.message;
  }
}
