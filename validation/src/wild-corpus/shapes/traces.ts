import { inspect } from 'node:util';
import type { Random } from '@firstword/turn/statistics';
import { answering, printedDelays, type WildCall, type WildRequest, type WildTurn } from '../call.js';
import type { Carried } from '../cause.js';
import { hexDigits } from '../draw.js';
import { iso, seconds } from '../record.js';
import type { WildShape } from '../shape.js';
import { TOOLS } from '../vocabulary.js';

const TRACE: readonly Carried[] = ['end of turn', 'ttft', 'tokens', 'ttfb', 'e2e', 'tools'];

type Value = string | number | boolean;

interface WildSpan {
  name: string;
  id: string;
  parent: string | undefined;
  trace: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, Value>;
}

/** Adds a span, with times in ms after the caller's last sound, and returns its id. */
type AddSpan = (
  name: string,
  parent: string,
  startMs: number,
  endMs: number,
  attributes: Record<string, Value>,
) => string;

function addUserTurn(add: AddSpan, call: WildCall, turn: WildTurn, session: string): void {
  const printed = printedDelays(turn);
  const user = add('user_turn', session, -turn.spokeForMs, turn.endOfTurnMs, {
    'gen_ai.request.model': call.stack.stt.model,
    'gen_ai.provider.name': call.stack.stt.provider,
    'lk.transcript_confidence': 0.98,
    'lk.transcription_delay': seconds(printed.transcriptionMs),
    'lk.end_of_turn_delay': seconds(printed.endOfTurnMs),
  });
  const isLate = turn.endOfTurnMs > call.maxDelayMs - 300;
  add('eou_detection', user, turn.transcriptionMs, turn.transcriptionMs + 24, {
    'lk.eou.endpointing_delay': seconds(isLate ? call.maxDelayMs : call.minDelayMs),
    'lk.eou.language': 'en',
    'lk.eou.source': 'vad',
    'lk.eou.probability': isLate ? 0.08 : 0.91,
    'lk.eou.unlikely_threshold': 0.29,
  });
}

function addRequest(add: AddSpan, call: WildCall, turn: WildTurn, agent: string, request: WildRequest): void {
  const endMs = request.afterMs + request.durationMs;
  const model = {
    'gen_ai.request.model': call.stack.llm.model,
    'gen_ai.provider.name': call.stack.llm.provider,
  };
  const node = add('llm_node', agent, request.afterMs, endMs, {
    ...model,
    ...(request.ttftMs < 0 ? {} : { 'lk.response.ttft': seconds(request.ttftMs) }),
  });
  const sent = add('llm_request', node, request.afterMs + 1, endMs, {
    'gen_ai.operation.name': 'chat',
    ...model,
    'gen_ai.usage.input_tokens': request.promptTokens,
    'gen_ai.usage.output_tokens': request.completionTokens,
  });
  add('llm_request_run', sent, request.afterMs + 1, endMs, { 'lk.retry_count': 0 });
  if (!request.isToolCall) return;
  add('function_tool', agent, endMs, endMs + turn.toolMs, {
    'lk.function_tool.name': TOOLS[turn.answer.length % TOOLS.length]!,
    'lk.function_tool.is_error': false,
  });
}

function addSpeech(add: AddSpan, call: WildCall, turn: WildTurn, agent: string, session: string): void {
  const { tts } = call.stack;
  // The node starts with the reply and waits for text; `ttfb` counts from the first text that is sent.
  const startMs = Math.max(answering(turn)?.afterMs ?? 0, turn.endOfTurnMs + turn.userLogicMs);
  const endMs = turn.e2eMs + 1400;
  const node = add('tts_node', agent, startMs, endMs, {
    'gen_ai.request.model': tts.model,
    'gen_ai.provider.name': tts.provider,
    'lk.response.ttfb': seconds(turn.ttfbMs),
  });
  add('tts_request', node, startMs, endMs, { 'lk.tts.streaming': true, 'lk.tts.label': tts.label });
  add('agent_speaking', session, turn.e2eMs, turn.e2eMs + 2500, {});
}

/** Spans of one turn, with the names and attributes of LiveKit's telemetry. */
function turnSpans(
  call: WildCall,
  turn: WildTurn,
  random: Random,
  trace: string,
  session: string,
): WildSpan[] {
  const spans: WildSpan[] = [];
  const add: AddSpan = (name, parent, startMs, endMs, attributes) => {
    const id = hexDigits(random, 16);
    spans.push({
      name,
      id,
      parent,
      trace,
      startMs: turn.endedAtMs + startMs,
      endMs: turn.endedAtMs + endMs,
      attributes,
    });
    return id;
  };
  addUserTurn(add, call, turn, session);
  const agent = add('agent_turn', session, turn.endOfTurnMs + turn.userLogicMs, turn.e2eMs + 2600, {
    'lk.speech_id': `speech_${hexDigits(random, 12)}`,
    'lk.interrupted': false,
    ...(turn.isFailed ? {} : { 'lk.e2e_latency': seconds(turn.e2eMs) }),
  });
  for (const request of turn.requests) addRequest(add, call, turn, agent, request);
  if (!turn.isFailed) addSpeech(add, call, turn, agent, session);
  return spans;
}

function spansOf(call: WildCall, random: Random): WildSpan[] {
  const trace = hexDigits(random, 32);
  const session = hexDigits(random, 16);
  const turns = call.turns.flatMap((turn) => turnSpans(call, turn, random, trace, session));
  const endMs = Math.max(...turns.map((span) => span.endMs)) + 4000;
  const root: WildSpan = {
    name: 'agent_session',
    id: session,
    parent: undefined,
    trace,
    startMs: call.startedAtMs,
    endMs,
    attributes: {
      'lk.job_id': call.job,
      'lk.agent_label': '__main__.Assistant',
      'lk.pii.room_name': call.roomName,
    },
  };
  return [...turns, root].sort((a, b) => a.endMs - b.endMs);
}

const nanos = (ms: number) => `${BigInt(Math.round(ms * 1000)) * 1000n}`;

function otlpValue(value: Value): Record<string, unknown> {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const keyValues = (attributes: Record<string, Value>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));

function otlpSpans(spans: readonly WildSpan[], encode: (hex: string) => string) {
  return spans.map((span) => ({
    traceId: encode(span.trace),
    spanId: encode(span.id),
    ...(span.parent ? { parentSpanId: encode(span.parent) } : {}),
    name: span.name,
    kind: 1,
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(span.endMs),
    attributes: keyValues(span.attributes),
    status: {},
  }));
}

const SERVICE = { 'service.name': 'voice-agent', 'telemetry.sdk.name': 'opentelemetry' };
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

const resource = (spans: unknown, scope: 'scopeSpans' | 'instrumentationLibrarySpans') => ({
  resource: { attributes: keyValues(SERVICE) },
  [scope]: [{ scope: { name: 'livekit-agents', version: '1.7.0' }, spans }],
});

/** Jaeger's UI and API: microseconds, tags with types, references. */
function jaeger(spans: readonly WildSpan[]) {
  const type = (value: Value) =>
    typeof value === 'string'
      ? 'string'
      : typeof value === 'boolean'
        ? 'bool'
        : Number.isInteger(value)
          ? 'int64'
          : 'float64';
  return {
    traceID: spans[0]!.trace,
    spans: spans.map((span) => ({
      traceID: span.trace,
      spanID: span.id,
      operationName: span.name,
      references: span.parent ? [{ refType: 'CHILD_OF', traceID: span.trace, spanID: span.parent }] : [],
      startTime: Math.round(span.startMs * 1000),
      duration: Math.round((span.endMs - span.startMs) * 1000),
      tags: Object.entries(span.attributes).map(([key, value]) => ({ key, type: type(value), value })),
      logs: [],
      processID: 'p1',
      warnings: null,
    })),
    processes: { p1: { serviceName: 'voice-agent', tags: [] } },
    warnings: null,
  };
}

/** Langfuse's trace API: observations with the span's attributes in `metadata`. */
function langfuse(call: WildCall, spans: readonly WildSpan[]) {
  return {
    id: spans[0]!.trace,
    name: 'agent_session',
    timestamp: iso(call.startedAtMs),
    sessionId: call.roomName,
    observations: spans.map((span) => ({
      id: span.id,
      traceId: span.trace,
      parentObservationId: span.parent ?? null,
      type: span.name === 'llm_request' ? 'GENERATION' : 'SPAN',
      name: span.name,
      startTime: iso(span.startMs),
      endTime: iso(span.endMs),
      model: span.name === 'llm_request' ? span.attributes['gen_ai.request.model'] : null,
      latency: seconds(span.endMs - span.startMs),
      metadata: {
        attributes: Object.fromEntries(
          Object.entries(span.attributes).map(([key, value]) => [key, String(value)]),
        ),
        resourceAttributes: SERVICE,
        scope: { name: 'livekit-agents' },
      },
    })),
  };
}

/** Python's `ConsoleSpanExporter`: indented JSON, one object after the other. */
function pythonConsole(span: WildSpan): string {
  return JSON.stringify(
    {
      name: span.name,
      context: { trace_id: `0x${span.trace}`, span_id: `0x${span.id}`, trace_state: '[]' },
      kind: 'SpanKind.INTERNAL',
      parent_id: span.parent ? `0x${span.parent}` : null,
      start_time: iso(span.startMs).replace('Z', '000Z'),
      end_time: iso(span.endMs).replace('Z', '000Z'),
      status: { status_code: 'UNSET' },
      attributes: span.attributes,
      events: [],
      links: [],
      resource: { attributes: SERVICE, schema_url: '' },
    },
    null,
    4,
  );
}

/** Node's `ConsoleSpanExporter`: `console.dir`, microseconds. */
function nodeConsole(span: WildSpan): string {
  return inspect(
    {
      resource: { attributes: SERVICE },
      instrumentationScope: { name: 'livekit-agents', version: undefined, schemaUrl: undefined },
      traceId: span.trace,
      parentSpanContext: span.parent
        ? { traceId: span.trace, spanId: span.parent, traceFlags: 1, traceState: undefined }
        : undefined,
      traceState: undefined,
      name: span.name,
      id: span.id,
      kind: 0,
      timestamp: Math.round(span.startMs * 1000),
      duration: (span.endMs - span.startMs) * 1000,
      attributes: span.attributes,
      status: { code: 0 },
      events: [],
      links: [],
    },
    { depth: 3 },
  );
}

const shape = (
  id: string,
  sdk: 'python' | 'node',
  name: string,
  text: (calls: readonly { call: WildCall; spans: WildSpan[] }[]) => string,
): WildShape => ({
  id,
  sdk,
  carries: TRACE,
  isLines: false,
  print: (calls, random) => ({
    name,
    text: `${text(calls.map((call) => ({ call, spans: spansOf(call, random) })))}\n`,
  }),
});

const same = (hex: string) => hex;

/** Traces of LiveKit Agents in the form of each back end. */
export const TRACE_SHAPES: readonly WildShape[] = [
  shape('python-otlp', 'python', 'trace.json', (calls) =>
    JSON.stringify({
      resourceSpans: calls.map(({ spans }) => resource(otlpSpans(spans, same), 'scopeSpans')),
    }),
  ),
  shape('node-otlp', 'node', 'spans.jsonl', (calls) =>
    calls
      .map(({ spans }) => JSON.stringify({ resourceSpans: [resource(otlpSpans(spans, same), 'scopeSpans')] }))
      .join('\n'),
  ),
  shape('python-tempo', 'python', 'tempo.json', (calls) =>
    JSON.stringify(
      { batches: calls.map(({ spans }) => resource(otlpSpans(spans, base64), 'scopeSpans')) },
      null,
      2,
    ),
  ),
  shape('python-tempo-v2', 'python', 'Trace.json', (calls) =>
    JSON.stringify(
      {
        trace: { resourceSpans: calls.map(({ spans }) => resource(otlpSpans(spans, base64), 'scopeSpans')) },
        metrics: {},
      },
      null,
      2,
    ),
  ),
  shape('python-jaeger', 'python', 'jaeger.json', (calls) =>
    JSON.stringify(
      { data: calls.map(({ spans }) => jaeger(spans)), total: 0, limit: 0, offset: 0, errors: null },
      null,
      2,
    ),
  ),
  shape('node-jaeger', 'node', 'jaeger-ui.json', (calls) =>
    JSON.stringify({ data: calls.map(({ spans }) => jaeger(spans)) }),
  ),
  shape('python-langfuse', 'python', 'langfuse.json', (calls) =>
    calls.map(({ call, spans }) => JSON.stringify(langfuse(call, spans), null, 2)).join('\n'),
  ),
  shape('python-otel-console', 'python', 'console.txt', (calls) =>
    calls.flatMap(({ spans }) => spans.map(pythonConsole)).join('\n'),
  ),
  shape('node-otel-console', 'node', 'console.txt', (calls) =>
    calls.flatMap(({ spans }) => spans.map(nodeConsole)).join('\n'),
  ),
];
