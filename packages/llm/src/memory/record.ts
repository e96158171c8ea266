import type { LatencyObservation } from '../policy/latency/window.js';
import type { Limit } from '../trace.js';
import type { HealthNews } from './router-memory.js';

/** Version of the records. A record of another version is ignored. */
export const RECORD_VERSION = 1;
/** A longer record is not ours, characters. */
const MAX_LENGTH = 1_000;
/** No time to first content, pause or reset is longer, ms (one day). */
const MAX_MS = 86_400_000;

/** One time to first content, as it is stored. Default values are omitted. */
interface TimeRecord {
  /** Unix time, ms. */
  at: number;
  model: string;
  /** Version of the record; absent: 1. */
  v?: number;
  /** The process that wrote it. */
  by?: string;
  /** Time to first content or, if it was cancelled, until then, ms. */
  ms: number;
  /**
   * `lost`: lost a fair race. `left`: lost to a request that had started earlier. `gone`: cancelled by its caller.
   * Absent: it answered.
   */
  end?: 'lost' | 'left' | 'gone';
  /** A duplicate request to the same model. */
  second?: true;
  /** No caller ever waited for it. */
  unawaited?: true;
  /** The caller's wait before the request, ms. */
  head?: number;
}

/** One piece of news, as it is stored. */
interface HealthRecord {
  at: number;
  model: string;
  v?: number;
  by?: string;
  /** The breaker opened, for so long, ms. */
  opened?: number;
  limits?: { requests?: Limit; tokens?: Limit; blockedMs?: number };
}

/** What one stored record says. */
export type StoredRecord = { at: number; model: string; by: string | undefined; text: string } & (
  | { type: 'time'; seen: LatencyObservation }
  | { type: 'health'; news: HealthNews }
);

/** Who writes a record, and when (Unix time, ms). */
export interface RecordOrigin {
  at: number;
  model: string;
  by: string;
}

/** A time as one line of JSON. */
export function timeRecord(
  { at, model, by }: RecordOrigin,
  { ms, censored, informative, lostRace, context }: LatencyObservation,
): string {
  const end = !censored ? undefined : informative ? 'lost' : lostRace ? 'left' : 'gone';
  const record: TimeRecord = {
    at: Math.round(at),
    model,
    by,
    ms: Math.round(ms),
    ...(end ? { end } : {}),
    ...(context.duplicate ? { second: true } : {}),
    ...(context.awaited === false ? { unawaited: true } : {}),
    ...(context.priorWaitMs ? { head: Math.round(context.priorWaitMs) } : {}),
  };
  return JSON.stringify(record);
}

/** News as one line of JSON. */
export function healthRecord({ at, model, by }: RecordOrigin, news: HealthNews): string {
  const { type: _type, ...said } = news;
  const origin = { at: Math.round(at), model, by };
  const record: HealthRecord =
    'forMs' in said ? { ...origin, opened: Math.round(said.forMs) } : { ...origin, limits: said };
  return JSON.stringify(record);
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isDuration = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= MAX_MS;
const isOptional = <T>(value: unknown, is: (value: unknown) => value is T): value is T | undefined =>
  value === undefined || is(value);
const isText = (value: unknown): value is string => typeof value === 'string';

const isLimit = (value: unknown): value is Limit => {
  const { remaining, limit, resetMs } = (value ?? {}) as Partial<Limit>;
  return isNumber(remaining) && isOptional(limit, isNumber) && isOptional(resetMs, isDuration);
};

function limitsOf(value: NonNullable<HealthRecord['limits']>): HealthNews | undefined {
  const { requests, tokens, blockedMs } = value;
  if (!isOptional(requests, isLimit) || !isOptional(tokens, isLimit) || !isOptional(blockedMs, isDuration))
    return undefined;
  return {
    type: 'limits',
    ...(requests ? { requests } : {}),
    ...(tokens ? { tokens } : {}),
    ...(blockedMs === undefined ? {} : { blockedMs }),
  };
}

function timeOf({ ms, end, second, unawaited, head }: TimeRecord): LatencyObservation {
  return {
    ms,
    censored: end !== undefined,
    informative: end === undefined || end === 'lost',
    lostRace: end === 'lost' || end === 'left',
    context: {
      ...(second ? { duplicate: second } : {}),
      ...(unawaited ? { awaited: false } : {}),
      ...(head === undefined ? {} : { priorWaitMs: head }),
    },
  };
}

const isTimeRecord = ({ ms, head }: Partial<TimeRecord>) => isDuration(ms) && isOptional(head, isNumber);

function newsOf({ opened, limits }: Partial<HealthRecord>): HealthNews | undefined {
  if (isDuration(opened)) return { type: 'opened', forMs: opened };
  return typeof limits === 'object' && limits !== null ? limitsOf(limits) : undefined;
}

/** `undefined` for text that is truncated, of another version, or was written by somebody else. */
export function parseRecord(text: unknown): StoredRecord | undefined {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
  try {
    const record = JSON.parse(text) as Partial<TimeRecord & HealthRecord>;
    const { at, model, v = RECORD_VERSION, by } = record;
    if (v !== RECORD_VERSION || !isNumber(at) || !isText(model) || !isOptional(by, isText)) return undefined;
    if (isTimeRecord(record))
      return { at, model, by, text, type: 'time', seen: timeOf(record as TimeRecord) };
    const news = newsOf(record);
    return news && { at, model, by, text, type: 'health', news };
  } catch {
    return undefined;
  }
}
