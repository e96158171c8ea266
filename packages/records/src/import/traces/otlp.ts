import { arrayAt, isObject, type JsonObject, MAX_DEPTH, numberAt, objectAt, textAt } from '../json.js';
import { isReadAttribute, type Span, spanOf } from './span.js';

/** An OTLP AnyValue as the value it stands for; what is nested too deeply is left out. */
function plain(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth > MAX_ATTRIBUTE_DEPTH) return undefined;
  if (isObject(value.kvlistValue)) return attributesOf(arrayAt(value.kvlistValue, 'values'), depth + 1);
  if (isObject(value.arrayValue))
    return arrayAt(value.arrayValue, 'values').map((one) => plain(one, depth + 1));
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.intValue;
}

/** A chat item of a log record is nested six levels deep. Without a limit, one record could overflow the stack. */
const MAX_ATTRIBUTE_DEPTH = 4 * MAX_DEPTH;

/** OTLP's list of keys and values as an object. */
function attributesOf(list: readonly unknown[], depth = 0): JsonObject {
  return Object.fromEntries(
    list.flatMap((one) => {
      const key = textAt(one, 'key');
      return key === undefined ? [] : [[key, plain((one as JsonObject).value, depth)]];
    }),
  );
}

const isRead = (attribute: unknown): boolean => isObject(attribute) && isReadAttribute(attribute.key);

const nanosInMsAt = (value: unknown, key: string): number | undefined => {
  const nanos = numberAt(value, key);
  return nanos === undefined ? undefined : nanos / 1e6;
};

/** OTLP/JSON writes enums as numbers; some exporters write their names. */
const isErrorStatus = (status: JsonObject | undefined): boolean =>
  status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';

/** Log records of chat items, as `chat.item` objects again. */
export function chatItemsOfLogs(value: unknown): JsonObject[] {
  return arrayAt(value, 'resourceLogs')
    .flatMap((resource) => arrayAt(resource, 'scopeLogs'))
    .flatMap((scope) => arrayAt(scope, 'logRecords'))
    .map((record) => attributesOf(arrayAt(record, 'attributes')))
    .filter((attributes) => isObject(attributes['chat.item']));
}

/**
 * OTLP/JSON, and what Grafana Tempo makes of it: `batches` from `/api/traces`, `trace.resourceSpans` from `/api/v2/traces`,
 * with ids in base64 and scopes under their older name in older versions.
 */
export function spansOfOtlp(value: unknown, place: string): Span[] | undefined {
  const trace = objectAt(value, 'trace') ?? value;
  if (!isObject(trace)) return undefined;
  const resources = [trace.resourceSpans, trace.batches].find((list) => Array.isArray(list)) as
    | unknown[]
    | undefined;
  return resources?.flatMap((resource) => {
    const about = attributesOf(arrayAt(objectAt(resource, 'resource'), 'attributes'));
    const language = textAt(about, 'telemetry.sdk.language');
    return ['scopeSpans', 'instrumentationLibrarySpans']
      .flatMap((key) => arrayAt(resource, key))
      .flatMap((scope) => arrayAt(scope, 'spans'))
      .flatMap(
        (span) =>
          spanOf({
            name: textAt(span, 'name'),
            spanId: textAt(span, 'spanId') ?? textAt(span, 'spanID'),
            traceId: textAt(span, 'traceId') ?? textAt(span, 'traceID'),
            parentSpanId: textAt(span, 'parentSpanId') ?? textAt(span, 'parentSpanID'),
            startMs: nanosInMsAt(span, 'startTimeUnixNano'),
            endMs: nanosInMsAt(span, 'endTimeUnixNano'),
            attributes: attributesOf(arrayAt(span, 'attributes').filter(isRead)),
            hasFailed: isErrorStatus(objectAt(span, 'status')),
            language,
            place,
          }) ?? [],
      );
  });
}
