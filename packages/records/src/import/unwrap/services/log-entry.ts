import type { JsonObject } from '../../json.js';
import { messageOf } from '../../livekit/log-fields.js';

/** An entry of a log service: its text, or its fields, and when it was written. */
export interface LogEntry {
  text?: string | undefined;
  fields?: JsonObject | undefined;
  /** Unix ms. */
  atMs?: number | undefined;
}

/** The text of an entry; also where a service shows it as a field, and it is an object or several lines. */
export function textOfEntry({ text, fields }: LogEntry): string {
  const message = fields ? messageOf(fields) : '';
  return text ?? (/^\s*\{|\n/.test(message) ? message : '');
}
