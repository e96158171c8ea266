import { arrayAt, isObject, type JsonObject, numberAt, objectAt, textAt, tryParseJson } from '../json.js';
import { readAttributesOf, rfc3339At, type Span, spanOf } from './span.js';

/** Langfuse keeps a span's attributes in the metadata of its observation; its exports have them as text too. */
function objectOrText(value: unknown, key: string): JsonObject | undefined {
  const text = textAt(value, key);
  const parsed = text === undefined ? undefined : tryParseJson(text)?.value;
  return objectAt(value, key) ?? (isObject(parsed) ? parsed : undefined);
}

const isObservation = (value: unknown): boolean =>
  isObject(value) && rfc3339At(value, 'startTime') !== undefined && textAt(value, 'name') !== undefined;

function spanOfObservation(value: unknown, traceId: string | undefined, place: string): Span | undefined {
  const metadata = objectOrText(value, 'metadata');
  const attributes = readAttributesOf({ ...metadata, ...objectOrText(metadata, 'attributes') });
  const ttft = numberAt(value, 'timeToFirstToken');
  const model = textAt(value, 'model');
  return spanOf({
    name: textAt(value, 'name'),
    spanId: textAt(value, 'id'),
    traceId: textAt(value, 'traceId') ?? traceId,
    parentSpanId: textAt(value, 'parentObservationId'),
    startMs: rfc3339At(value, 'startTime'),
    endMs: rfc3339At(value, 'endTime') ?? rfc3339At(value, 'startTime'),
    attributes: {
      ...(ttft === undefined || textAt(value, 'name') !== 'llm_node' ? {} : { 'lk.response.ttft': ttft }),
      ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
      ...attributes,
    },
    hasFailed: textAt(value, 'level') === 'ERROR',
    language: textAt(objectOrText(metadata, 'resourceAttributes'), 'telemetry.sdk.language'),
    place,
  });
}

/** Langfuse: a trace with its `observations` (API and page), the API's list of observations, or an array of them. */
export function spansOfLangfuse(value: unknown, place: string): Span[] | undefined {
  const listed = Array.isArray(value)
    ? value
    : [arrayAt(value, 'observations'), arrayAt(value, 'data')].flat();
  if (listed.length === 0 || !listed.every(isObservation)) return undefined;
  const traceId = textAt(objectAt(value, 'trace'), 'id') ?? textAt(value, 'id');
  return listed.flatMap((one) => spanOfObservation(one, traceId, place) ?? []);
}
