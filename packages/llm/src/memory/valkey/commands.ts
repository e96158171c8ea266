import { WINDOW_SIZE } from '../../policy/latency/window.js';
import { parseRecord, RECORD_VERSION, type StoredRecord } from '../record.js';
import type { HealthNews } from '../router-memory.js';

/** A longer value is not ours, characters. */
const MAX_VALUE = 999;
/** News older than this is of no use, ms. */
const MAX_NEWS_MS = 60_000;
/** Limits count for a few seconds only, at those who hear of them. */
const LIMITS_MS = 10_000;

/** The keys of one model: a stream of times, and the latest news of each type. The version is part of the name. */
export const keysOf = (prefix: string, model: string) => ({
  times: `${prefix}:${RECORD_VERSION}:times:${model}`,
  opened: `${prefix}:${RECORD_VERSION}:opened:${model}`,
  limits: `${prefix}:${RECORD_VERSION}:limits:${model}`,
});

/** Adds a time; the stream keeps about as many as a router uses. */
export const addTime = (key: string, record: string) => [
  'XADD',
  key,
  'MAXLEN',
  '~',
  String(WINDOW_SIZE),
  '*',
  'r',
  record,
];

/** Lets a key end some time after its last use. */
export const expire = (key: string, ms: number) => ['PEXPIRE', key, String(Math.ceil(ms))];

/** Stores news for as long as it matters. */
export function setNews(key: string, news: HealthNews, record: string): string[] {
  const forMs = news.type === 'opened' ? Math.min(news.forMs, MAX_NEWS_MS) : LIMITS_MS;
  return ['SET', key, record, 'PX', String(Math.max(1, Math.ceil(forMs)))];
}

/** Reads news. Bounded: a value of another program may be large. */
export const getNews = (key: string) => ['GETRANGE', key, '0', String(MAX_VALUE)];

/** Reads the newest times, those after `since` only. */
export const getTimes = (key: string, since: string | undefined) => [
  'XREVRANGE',
  key,
  '+',
  since === undefined ? '-' : `(${since}`,
  'COUNT',
  String(WINDOW_SIZE),
];

const ID = /^\d{1,20}-\d{1,20}$/;

/** Reads the reply to `getTimes`, oldest first. What does not look like ours is left out. */
export function timesIn(reply: unknown, model: string): { records: StoredRecord[]; newestId?: string } {
  const entries = Array.isArray(reply) ? (reply as unknown[]).slice(0, WINDOW_SIZE) : [];
  const records: StoredRecord[] = [];
  let newestId: string | undefined;
  for (const entry of entries) {
    const [id, fields] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof id !== 'string' || !ID.test(id) || !Array.isArray(fields)) continue;
    newestId ??= id;
    const record = parseRecord(fields[1]);
    if (record?.type === 'time' && record.model === model) records.push(record);
  }
  return { records: records.reverse(), ...(newestId === undefined ? {} : { newestId }) };
}

/** Reads the reply to `getNews`. */
export function newsIn(reply: unknown, model: string): StoredRecord | undefined {
  const record = parseRecord(reply);
  return record?.type === 'health' && record.model === model ? record : undefined;
}
