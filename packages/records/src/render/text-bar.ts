import { roundMs } from '@firstword/turn/display';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const HIDDEN = '░';

/** A section of a time axis drawn in characters. */
export interface Axis {
  fromMs: number;
  toMs: number;
  columns: number;
}

/** Position of a time in columns from the left, limited to the axis. */
export function columnAt(axis: Axis, ms: number): number {
  const lengthMs = axis.toMs - axis.fromMs;
  const column = lengthMs > 0 ? ((ms - axis.fromMs) / lengthMs) * axis.columns : 0;
  return Math.min(axis.columns, Math.max(0, column));
}

/**
 * One bar on the axis, padded to its full width. It begins on a whole column and ends on an eighth of one; even the
 * shortest bar is visible.
 */
export function textBar(axis: Axis, span: { fromMs: number; toMs: number }, hidden = false): string {
  const start = Math.min(Math.floor(columnAt(axis, span.fromMs)), axis.columns - 1);
  const lengthEighths = Math.max(1, Math.round((columnAt(axis, span.toMs) - start) * 8));
  const blocks = hidden
    ? HIDDEN.repeat(Math.max(1, Math.round(lengthEighths / 8)))
    : '█'.repeat(lengthEighths >> 3) + EIGHTHS[lengthEighths & 7];
  return (' '.repeat(start) + blocks).padEnd(axis.columns);
}

/** `text` in exactly `columns`, cut with an ellipsis where it is longer. */
export function toWidth(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text.padEnd(columns);
}

/** Milliseconds with their unit, rounded by `roundMs`: `742 ms`, `1 ms`, `0.3 ms`. */
export const msText = (ms: number): string => `${roundMs(ms)} ms`;
