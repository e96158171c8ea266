import { type JsonObject, objectAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** Elasticsearch and OpenSearch: a hit has the document under `_source`. */
export function elastic(value: JsonObject): LogEntry | undefined {
  const fields = objectAt(value, '_source');
  return fields && { fields, atMs: timeOfText(textAt(fields, '@timestamp')) };
}
