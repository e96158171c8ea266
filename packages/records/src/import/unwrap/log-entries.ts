import { arrayAt, isObject, type JsonObject, objectAt } from '../json.js';
import { cloudWatch, cloudWatchInsights } from './services/cloudwatch.js';
import { datadog } from './services/datadog.js';
import { elastic } from './services/elastic.js';
import { googleCloud } from './services/google-cloud.js';
import type { LogEntry } from './services/log-entry.js';
import { loki, lokiStreamEntries } from './services/loki.js';
import { shipper } from './services/shipper.js';

const FORMATS = [googleCloud, datadog, cloudWatch, loki, elastic, shipper];

function entryOf(value: unknown): LogEntry | undefined {
  if (!isObject(value)) return cloudWatchInsights(value);
  for (const format of FORMATS) {
    const entry = format(value);
    if (entry) return entry;
  }
  return undefined;
}

/** Where the APIs of log services list their entries. */
function listedIn(value: JsonObject): readonly unknown[] {
  const lists = [
    arrayAt(value, 'data'),
    arrayAt(value, 'events'),
    arrayAt(value, 'results'),
    arrayAt(value, 'entries'),
    arrayAt(value, 'logs'),
    arrayAt(objectAt(value, 'hits'), 'hits'),
  ];
  return lists.find((list) => list.length > 0) ?? [];
}

/**
 * The entries of a log service's export, the oldest first: services return the newest first.
 * @returns `undefined` where the value is no such export
 */
export function logEntriesOf(value: unknown): LogEntry[] | undefined {
  const single = entryOf(value);
  if (single) return [single];
  const streams = isObject(value) ? arrayAt(objectAt(value, 'data') ?? value, 'result') : [];
  const listed = Array.isArray(value) ? value : isObject(value) ? listedIn(value) : [];
  const entries = streams.length > 0 ? streams.flatMap(lokiStreamEntries) : listed.map(entryOf);
  const known = entries.filter((entry) => entry !== undefined);
  if (known.length === 0 || known.length < entries.length / 2) return undefined;
  return inOrder(known);
}

/** By time where every entry has one. Entries of the same time keep their order, in exports with the newest first turned round. */
function inOrder(entries: LogEntry[]): LogEntry[] {
  const [first, last] = [entries[0]?.atMs, entries.at(-1)?.atMs];
  if (first !== undefined && last !== undefined && first > last) entries.reverse();
  return entries.every(({ atMs }) => atMs !== undefined)
    ? entries.sort((a, b) => a.atMs! - b.atMs!)
    : entries;
}
