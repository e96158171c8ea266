import { type JsonObject, objectAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** Datadog: the logs API, whose `attributes` have the message and the fields, and the older `content`. */
export function datadog(value: JsonObject): LogEntry | undefined {
  const about = objectAt(value, 'attributes') ?? objectAt(value, 'content');
  const fields = objectAt(about, 'attributes');
  if (!about || (!fields && textAt(about, 'message') === undefined) || textAt(value, 'id') === undefined)
    return undefined;
  const message = textAt(about, 'message') ?? textAt(fields, 'message');
  const atMs = timeOfText(textAt(about, 'timestamp'));
  // Datadog found no fields: the message is the line as it was written.
  if (!fields || Object.keys(fields).length === 0) return { text: message ?? '', atMs };
  return { fields: { ...fields, ...(message === undefined ? {} : { message }) }, atMs };
}
