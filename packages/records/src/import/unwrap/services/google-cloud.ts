import { type JsonObject, objectAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** Google Cloud Logging: `gcloud logging read --format=json`, and the Logs Explorer's download. */
export function googleCloud(value: JsonObject): LogEntry | undefined {
  const fields = objectAt(value, 'jsonPayload');
  const text = textAt(value, 'textPayload');
  if (!fields && text === undefined) return undefined;
  return { text, fields, atMs: timeOfText(textAt(value, 'timestamp')) };
}
