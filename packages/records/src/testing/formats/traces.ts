import { inspect } from 'node:util';
import { rfc3339, SAMPLE_TURNS } from './turns.js';

interface SampleSpan {
  name: string;
  id: string;
  parent: string | undefined;
  startMs: number;
  endMs: number;
  attributes: Record<string, number | string | boolean>;
}

const TRACE = '7c41f09a5be24d17a3c2806f1e9d4b55';
const id = (kind: number, turn: number): string => `${kind}f0c7a21b9d3e48${turn}`;
/** LiveKit's end-to-end time of a turn, s: here its parts and 70 ms. */
const e2eSeconds = ({ endOfTurnMs, ttftMs, ttfbMs }: (typeof SAMPLE_TURNS)[number]): number =>
  (endOfTurnMs + ttftMs + ttfbMs + 70) / 1000;

/** A session of a Python agent: delays in seconds. */
const SPANS: readonly SampleSpan[] = SAMPLE_TURNS.flatMap((turn, at) => {
  const committed = turn.atMs + turn.endOfTurnMs;
  const span = (
    kind: number,
    name: string,
    startMs: number,
    endMs: number,
    attributes: SampleSpan['attributes'],
    parent?: number,
  ) => ({
    name,
    id: id(kind, at),
    parent: parent === undefined ? id(0, 0) : id(parent, at),
    startMs,
    endMs,
    attributes,
  });
  return [
    ...(at === 0
      ? [{ ...span(0, 'agent_session', turn.atMs - 4_000, turn.atMs + 60_000, {}), parent: undefined }]
      : []),
    span(1, 'user_turn', turn.atMs - 1_500, committed, {
      'lk.transcription_delay': turn.transcriptionMs / 1000,
      'lk.end_of_turn_delay': turn.endOfTurnMs / 1000,
    }),
    span(2, 'agent_turn', committed, committed + 4_000, {
      'lk.e2e_latency': e2eSeconds(turn),
      'lk.interrupted': false,
    }),
    span(
      3,
      'llm_node',
      committed,
      committed + 900,
      { 'gen_ai.request.model': 'oak-1', 'lk.response.ttft': turn.ttftMs / 1000 },
      2,
    ),
    span(
      4,
      'tts_node',
      committed + turn.ttftMs,
      committed + 1_500,
      { 'lk.response.ttfb': turn.ttfbMs / 1000 },
      2,
    ),
  ];
});

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const otlpValue = (value: number | string | boolean) =>
  typeof value === 'number'
    ? { doubleValue: value }
    : typeof value === 'string'
      ? { stringValue: value }
      : { boolValue: value };
const otlp = (idOf: (hex: string) => string, scopes: string) => [
  {
    resource: { attributes: [{ key: 'telemetry.sdk.language', value: { stringValue: 'python' } }] },
    [scopes]: [
      {
        spans: SPANS.map((span) => ({
          traceId: idOf(TRACE),
          spanId: idOf(span.id),
          ...(span.parent ? { parentSpanId: idOf(span.parent) } : {}),
          name: span.name,
          kind: 'SPAN_KIND_INTERNAL',
          startTimeUnixNano: `${span.startMs}000000`,
          endTimeUnixNano: `${span.endMs}000000`,
          attributes: Object.entries(span.attributes).map(([key, value]) => ({
            key,
            value: otlpValue(value),
          })),
        })),
      },
    ],
  },
];
const same = (hex: string): string => hex;

const pythonConsole = (span: SampleSpan) => ({
  name: span.name,
  context: { trace_id: `0x${TRACE}`, span_id: `0x${span.id}`, trace_state: '[]' },
  kind: 'SpanKind.INTERNAL',
  parent_id: span.parent ? `0x${span.parent}` : null,
  start_time: rfc3339(span.startMs),
  end_time: rfc3339(span.endMs),
  status: { status_code: 'UNSET' },
  attributes: span.attributes,
  events: [],
  links: [],
  resource: { attributes: { 'telemetry.sdk.language': 'python' }, schema_url: '' },
});
/** Node's agents write the delays of `user_turn` in ms. */
const nodeConsole = ({ name, id: spanId, parent, startMs, endMs, attributes }: SampleSpan) => ({
  resource: { attributes: { 'telemetry.sdk.language': 'nodejs' } },
  instrumentationScope: { name: 'livekit-agents', version: undefined, schemaUrl: undefined },
  traceId: TRACE,
  parentSpanContext: parent
    ? { traceId: TRACE, spanId: parent, traceFlags: 1, traceState: undefined }
    : undefined,
  name,
  id: spanId,
  kind: 0,
  timestamp: startMs * 1000,
  duration: (endMs - startMs) * 1000,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      key.endsWith('_delay') ? Number(value) * 1000 : value,
    ]),
  ),
  status: { code: 0 },
  events: [],
  links: [],
});

const langfuse = (metadataOf: (value: object) => unknown) =>
  SPANS.map((span) => ({
    id: span.id,
    traceId: TRACE,
    type: span.name === 'llm_node' ? 'GENERATION' : 'SPAN',
    name: span.name,
    startTime: rfc3339(span.startMs),
    endTime: rfc3339(span.endMs),
    parentObservationId: span.parent ?? null,
    level: 'DEFAULT',
    metadata: metadataOf({
      attributes: Object.fromEntries(
        Object.entries(span.attributes).map(([key, value]) => [key, String(value)]),
      ),
      scope: { name: 'livekit-agents' },
    }),
  }));

/** Traces of the sample turns, by the program that exported them. */
export const TRACES: Readonly<Record<string, string>> = {
  'OTLP/JSON': JSON.stringify({ resourceSpans: otlp(same, 'scopeSpans') }),
  'Tempo /api/traces': JSON.stringify({ batches: otlp(base64, 'instrumentationLibrarySpans') }, undefined, 2),
  'Tempo /api/v2/traces': JSON.stringify({ trace: { resourceSpans: otlp(same, 'scopeSpans') }, metrics: {} }),
  Jaeger: JSON.stringify({
    data: [
      {
        traceID: TRACE,
        spans: SPANS.map((span) => ({
          traceID: TRACE,
          spanID: span.id,
          operationName: span.name,
          references: span.parent ? [{ refType: 'CHILD_OF', traceID: TRACE, spanID: span.parent }] : [],
          startTime: span.startMs * 1000,
          duration: (span.endMs - span.startMs) * 1000,
          tags: Object.entries(span.attributes).map(([key, value]) => ({ key, type: 'float64', value })),
          processID: 'p1',
        })),
        processes: {
          p1: {
            serviceName: 'agent',
            tags: [{ key: 'telemetry.sdk.language', type: 'string', value: 'python' }],
          },
        },
      },
    ],
    total: 0,
  }),
  'Langfuse, a trace': JSON.stringify({
    id: TRACE,
    name: 'agent_session',
    observations: langfuse((value) => value),
  }),
  'Langfuse, observations': JSON.stringify({
    data: langfuse((value) => JSON.stringify(value)),
    meta: { page: 1 },
  }),
  'OpenTelemetry console exporter, Python': SPANS.map((span) =>
    JSON.stringify(pythonConsole(span), undefined, 4),
  ).join('\n'),
  'OpenTelemetry console exporter, Node': SPANS.map((span) => inspect(nodeConsole(span), { depth: 3 })).join(
    '\n',
  ),
};
