import { type JsonObject, MAX_WALL_MS, textAt } from '../json.js';

/** A span of a LiveKit agent, whatever it was exported as. */
export interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  /** Unix ms. */
  startMs: number;
  endMs: number;
  /** Those of `isReadAttribute`. */
  attributes: JsonObject;
  /** Its status is an error. */
  hasFailed: boolean;
  /** The SDK that wrote it, as `telemetry.sdk.language` has it: `python`, `nodejs`. */
  language: string | undefined;
  /** Where it was read, as passed to `read`. */
  place: string;
}

/** The attributes that are read; others contain whole prompts and answers. */
const READ: ReadonlySet<string> = new Set([
  'lk.e2e_latency',
  'lk.end_of_turn_delay',
  'lk.transcription_delay',
  'lk.response.ttft',
  'lk.response.ttfb',
  'lk.interrupted',
  'gen_ai.provider.name',
  'gen_ai.request.model',
]);

/** Whether an attribute is read. */
export const isReadAttribute = (name: unknown): boolean => typeof name === 'string' && READ.has(name);

/** Only the attributes that are read. */
export const readAttributesOf = (attributes: JsonObject | undefined): JsonObject =>
  Object.fromEntries(Object.entries(attributes ?? {}).filter(([name]) => isReadAttribute(name)));

/** A span of its parts; `undefined` where a part that every span has is missing, or its times are none. */
export function spanOf(
  parts: {
    [Key in keyof Span]: Span[Key] | undefined;
  },
): Span | undefined {
  const { name, spanId, startMs, endMs } = parts;
  if (!name || !spanId || !isWallTime(startMs) || !isWallTime(endMs)) return undefined;
  return {
    name,
    spanId,
    startMs,
    endMs,
    traceId: parts.traceId ?? '',
    parentSpanId: parts.parentSpanId,
    attributes: parts.attributes ?? {},
    hasFailed: parts.hasFailed ?? false,
    language: parts.language,
    place: parts.place ?? '',
  };
}

const isWallTime = (ms: number | undefined): ms is number => ms !== undefined && ms > 0 && ms <= MAX_WALL_MS;

/** A wall time in RFC 3339, Unix ms. */
export function rfc3339At(value: unknown, key: string): number | undefined {
  const text = textAt(value, key);
  if (text === undefined || text.length > 64) return undefined;
  // Date.parse reads milliseconds only; spans are stamped to the microsecond, and parts are compared.
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1];
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? undefined : ms + (micros ? Number(micros.padEnd(3, '0')) / 1000 : 0);
}
