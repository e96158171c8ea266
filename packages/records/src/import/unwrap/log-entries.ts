import { arrayAt, isObject, type JsonObject, numberAt, objectAt, textAt } from '../json.js';
import { timeOfText } from './unwrapped.js';

/** An entry of a log service: its text, or its fields, and when it was written. */
export interface LogEntry {
  text?: string | undefined;
  fields?: JsonObject | undefined;
  /** Unix ms. */
  atMs?: number | undefined;
}

/** Google Cloud Logging: `gcloud logging read --format=json`, and the Logs Explorer's download. */
function googleCloud(value: JsonObject): LogEntry | undefined {
  const fields = objectAt(value, 'jsonPayload');
  const text = textAt(value, 'textPayload');
  if (!fields && text === undefined) return undefined;
  return { text, fields, atMs: timeOfText(textAt(value, 'timestamp')) };
}

/** Datadog: the logs API, whose `attributes` have the message and the fields, and the older `content`. */
function datadog(value: JsonObject): LogEntry | undefined {
  const about = objectAt(value, 'attributes') ?? objectAt(value, 'content');
  const fields = objectAt(about, 'attributes');
  if (!about || (!fields && textAt(about, 'message') === undefined) || textAt(value, 'id') === undefined)
    return undefined;
  const message = textAt(about, 'message') ?? textAt(fields, 'message');
  return {
    fields: { ...fields, ...(message === undefined ? {} : { message }) },
    atMs: timeOfText(textAt(about, 'timestamp')),
  };
}

/** CloudWatch Logs: an event of `filter-log-events` or `get-log-events`. */
function cloudWatch(value: JsonObject): LogEntry | undefined {
  const text = textAt(value, 'message') ?? textAt(value, '@message');
  const atMs = numberAt(value, 'timestamp');
  if (text === undefined || (value.ingestionTime === undefined && value['@message'] === undefined))
    return undefined;
  return { text, atMs: atMs ?? timeOfInsights(textAt(value, '@timestamp')) };
}

const timeOfInsights = (text: string | undefined): number | undefined =>
  timeOfText(text === undefined ? undefined : `${text.replace(' ', 'T')}Z`);

/** CloudWatch Logs Insights: a result is a list of fields and values. */
function insights(value: unknown): LogEntry | undefined {
  if (!Array.isArray(value) || !value.every((one) => textAt(one, 'field') !== undefined)) return undefined;
  const fields = Object.fromEntries(value.map((one) => [textAt(one, 'field')!, textAt(one, 'value')]));
  return fields['@message'] === undefined ? undefined : cloudWatch(fields);
}

/** Grafana Loki: an entry of Grafana's download or of `logcli -o jsonl`; times are nanoseconds, or RFC 3339. */
function loki(value: JsonObject): LogEntry | undefined {
  const text = textAt(value, 'line');
  if (text === undefined || !(objectAt(value, 'labels') || 'timestamp' in value || 'tsNs' in value))
    return undefined;
  const nanos = numberAt(value, 'timestamp') ?? numberAt(value, 'tsNs');
  return { text, atMs: nanos === undefined ? timeOfText(textAt(value, 'timestamp')) : nanos / 1e6 };
}

/** Elasticsearch and OpenSearch: a hit has the document under `_source`. */
function elastic(value: JsonObject): LogEntry | undefined {
  const fields = objectAt(value, '_source');
  return fields && { fields, atMs: timeOfText(textAt(fields, '@timestamp')) };
}

/** Fluent Bit and Fluentd put the line under `log`, and Kubernetes' metadata beside it; Splunk puts it under `_raw`. */
function shipper(value: JsonObject): LogEntry | undefined {
  const log = textAt(value, 'log') ?? textAt(objectAt(value, 'result'), '_raw') ?? textAt(value, '_raw');
  const at =
    textAt(value, 'time') ?? textAt(value, '@timestamp') ?? textAt(value, 'date') ?? textAt(value, '_time');
  return log === undefined ? undefined : { text: log.replace(/\n$/, ''), atMs: timeOfText(at) };
}

const FORMATS = [googleCloud, datadog, cloudWatch, loki, elastic, shipper];

function entryOf(value: unknown): LogEntry | undefined {
  if (!isObject(value)) return insights(value);
  for (const format of FORMATS) {
    const entry = format(value);
    if (entry) return entry;
  }
  return undefined;
}

/** Loki's API: streams, each with `[time, line]` pairs. */
const streamEntries = (stream: unknown): LogEntry[] =>
  arrayAt(stream, 'values').flatMap((pair) => {
    if (!Array.isArray(pair) || typeof pair[1] !== 'string') return [];
    const nanos = Number(pair[0]);
    return [{ text: pair[1], atMs: Number.isFinite(nanos) ? nanos / 1e6 : undefined }];
  });

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
  const entries = streams.length > 0 ? streams.flatMap(streamEntries) : listed.map(entryOf);
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
