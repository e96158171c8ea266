import type { JsonObject } from '../../json.js';
import { messageOf } from '../../livekit/log-fields.js';

/** An entry of a log service: its text, or its fields, and when it was written. */
export interface LogEntry {
  text?: string | undefined;
  fields?: JsonObject | undefined;
  /** Unix ms. */
  atMs?: number | undefined;
}

/** An object, several lines, or a line of an object that was printed over several. */
const PRINTED = /^\s*\{|\n|^\s+\S|^[\]})]+[,;]?$|[{[(]$/;

/** The text of an entry. If the entry has only fields: its message, if that is a printed object or part of one. */
export function textOfEntry({ text, fields }: LogEntry): string {
  const message = fields ? messageOf(fields) : '';
  return text ?? (PRINTED.test(message) ? message : '');
}
