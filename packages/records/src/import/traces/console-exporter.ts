import { isObject, numberAt, objectAt, textAt } from '../json.js';
import { readAttributesOf, rfc3339At, type Span, spanOf } from './span.js';

const languageOf = (value: unknown): string | undefined =>
  textAt(objectAt(objectAt(value, 'resource'), 'attributes'), 'telemetry.sdk.language');

/** Python's `ConsoleSpanExporter`: JSON with ids under `context`, times in RFC 3339. */
function ofPython(value: unknown, place: string): Span | undefined {
  const context = objectAt(value, 'context');
  if (!context || textAt(context, 'span_id') === undefined) return undefined;
  return spanOf({
    name: textAt(value, 'name'),
    spanId: textAt(context, 'span_id'),
    traceId: textAt(context, 'trace_id'),
    parentSpanId: textAt(value, 'parent_id'),
    startMs: rfc3339At(value, 'start_time'),
    endMs: rfc3339At(value, 'end_time'),
    attributes: readAttributesOf(objectAt(value, 'attributes')),
    hasFailed: textAt(objectAt(value, 'status'), 'status_code') === 'ERROR',
    language: languageOf(value) ?? 'python',
    place,
  });
}

/** Node's `ConsoleSpanExporter`: an object as `console.dir` prints it, times in µs. */
function ofNode(value: unknown, place: string): Span | undefined {
  const startMicros = numberAt(value, 'timestamp');
  const durationMicros = numberAt(value, 'duration');
  if (startMicros === undefined || durationMicros === undefined || !objectAt(value, 'attributes'))
    return undefined;
  return spanOf({
    name: textAt(value, 'name'),
    spanId: textAt(value, 'id'),
    traceId: textAt(value, 'traceId'),
    parentSpanId: textAt(objectAt(value, 'parentSpanContext'), 'spanId') ?? textAt(value, 'parentId'),
    startMs: startMicros / 1000,
    endMs: (startMicros + durationMicros) / 1000,
    attributes: readAttributesOf(objectAt(value, 'attributes')),
    hasFailed: numberAt(objectAt(value, 'status'), 'code') === 2,
    language: languageOf(value) ?? 'nodejs',
    place,
  });
}

/** One span as OpenTelemetry's console exporters print it, or an array of them. */
export function spansOfConsole(value: unknown, place: string): Span[] | undefined {
  if (Array.isArray(value)) {
    const spans = value.map((one) =>
      isObject(one) ? (ofPython(one, place) ?? ofNode(one, place)) : undefined,
    );
    return spans.length > 0 && spans.every((span) => span !== undefined) ? spans : undefined;
  }
  const span = ofPython(value, place) ?? ofNode(value, place);
  return span && [span];
}
