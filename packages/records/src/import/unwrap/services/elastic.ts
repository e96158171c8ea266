import { isObject, type JsonObject, objectAt, textAt } from '../../json.js';
import { fieldsOfLog, hasFigures } from '../../livekit/log-fields.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** What shippers add to a line, besides objects such as `host` and `kubernetes`. */
const OF_SHIPPERS = ['message', '@timestamp', '@version', 'stream', 'type', 'tags', 'source', 'offset'];

/** Whether a document has no fields but the line itself. */
const isBareLine = (fields: JsonObject): boolean =>
  !hasFigures(fieldsOfLog({ ...fields, message: '' })) &&
  Object.entries(fields).every(([name, value]) => OF_SHIPPERS.includes(name) || isObject(value));

/** Elasticsearch and OpenSearch: a hit has the document under `_source`. */
export function elastic(value: JsonObject): LogEntry | undefined {
  const fields = objectAt(value, '_source');
  if (!fields) return undefined;
  const [message, atMs] = [textAt(fields, 'message'), timeOfText(textAt(fields, '@timestamp'))];
  return message !== undefined && isBareLine(fields) ? { text: message, atMs } : { fields, atMs };
}
