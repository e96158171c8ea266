import type { JsonObject } from '../../json.js';

/** An entry of a log service: its text, or its fields, and when it was written. */
export interface LogEntry {
  text?: string | undefined;
  fields?: JsonObject | undefined;
  /** Unix ms. */
  atMs?: number | undefined;
}
