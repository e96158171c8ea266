import { arrayAt, type JsonObject, numberAt, objectAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** Grafana Loki: an entry of Grafana's download or of `logcli -o jsonl`; times are nanoseconds, or RFC 3339. */
export function loki(value: JsonObject): LogEntry | undefined {
  const text = textAt(value, 'line');
  if (text === undefined || !(objectAt(value, 'labels') || 'timestamp' in value || 'tsNs' in value))
    return undefined;
  const nanos = numberAt(value, 'timestamp') ?? numberAt(value, 'tsNs');
  return { text, atMs: nanos === undefined ? timeOfText(textAt(value, 'timestamp')) : nanos / 1e6 };
}

/** Loki's API: streams, each with `[time, line]` pairs. */
export const lokiStreamEntries = (stream: unknown): LogEntry[] =>
  arrayAt(stream, 'values').flatMap((pair) => {
    if (!Array.isArray(pair) || typeof pair[1] !== 'string') return [];
    const nanos = Number(pair[0]);
    return [{ text: pair[1], atMs: Number.isFinite(nanos) ? nanos / 1e6 : undefined }];
  });
