import { arrayAt, isObject, type JsonObject, numberAt, objectAt, textAt } from '../json.js';
import { readAttributesOf, type Span, spanOf } from './span.js';

const attributesOf = (tags: readonly unknown[]): JsonObject =>
  Object.fromEntries(
    tags.flatMap((tag) => {
      const key = textAt(tag, 'key');
      return key === undefined ? [] : [[key, (tag as JsonObject).value]];
    }),
  );

/** The parent is a reference; old versions have it as `parentSpanID`. */
function parentOf(span: unknown): string | undefined {
  const reference = arrayAt(span, 'references').find((one) => textAt(one, 'refType') === 'CHILD_OF');
  return textAt(reference, 'spanID') ?? textAt(span, 'parentSpanID');
}

function spansOfTrace(trace: unknown, place: string): Span[] {
  const processes = objectAt(trace, 'processes') ?? {};
  return arrayAt(trace, 'spans').flatMap((span) => {
    const tags = attributesOf(arrayAt(span, 'tags'));
    const process = objectAt(processes, textAt(span, 'processID') ?? '') ?? objectAt(span, 'process');
    const startMicros = numberAt(span, 'startTime');
    const startMs = startMicros === undefined ? undefined : startMicros / 1000;
    const durationMicros = numberAt(span, 'duration') ?? 0;
    const read = spanOf({
      name: textAt(span, 'operationName'),
      spanId: textAt(span, 'spanID'),
      traceId: textAt(span, 'traceID') ?? textAt(trace, 'traceID'),
      parentSpanId: parentOf(span),
      startMs,
      endMs: startMs === undefined ? undefined : startMs + durationMicros / 1000,
      attributes: readAttributesOf(tags),
      hasFailed: tags.error === true || tags['otel.status_code'] === 'ERROR',
      language: textAt(attributesOf(arrayAt(process, 'tags')), 'telemetry.sdk.language'),
      place,
    });
    return read ?? [];
  });
}

const isTrace = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value.spans) && textAt(value, 'traceID') !== undefined;

/** Jaeger: `/api/traces`, and the file that its page saves; times in µs. Also what Tempo's Jaeger query returns. */
export function spansOfJaeger(value: unknown, place: string): Span[] | undefined {
  const traces = isTrace(value) ? [value] : arrayAt(value, 'data');
  return traces.length > 0 && traces.every(isTrace)
    ? traces.flatMap((trace) => spansOfTrace(trace, place))
    : undefined;
}
