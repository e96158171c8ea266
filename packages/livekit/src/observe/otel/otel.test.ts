import { TraceImport } from '@firstword/records/import';
import { CASCADE_MARKS, fleet, turnRecord } from '@firstword/records/testing';
import { ledgerOf } from '@firstword/turn';
import { ProxyTracerProvider, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TurnInstruments } from './turn-instruments.js';
import { traceTurn } from './turn-spans.js';

const LLM = { provider: 'groq', model: 'gpt-oss-120b', emulated: true, requests: 1 };
const AT_MS = Date.parse('2026-11-22T10:00:00.000Z');

function openTracer() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  onTestFinished(() => provider.shutdown());
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}

const msOf = ([seconds, nanos]: [number, number]) => seconds * 1e3 + nanos / 1e6;
const durationMs = (span: ReadableSpan) => msOf(span.duration);
const named = (spans: ReadableSpan[], name: string) => spans.find((span) => span.name === name)!;

describe('a turn as spans', () => {
  it('spans the felt gap at its wall-clock time, and is filled by its segments', () => {
    const { tracer, spans } = openTracer();
    const record = turnRecord();
    traceTurn(record, { tracer });
    const turn = named(spans(), 'firstword.turn');
    expect(msOf(turn.startTime)).toBeCloseTo(AT_MS, 3);
    expect(durationMs(turn)).toBeCloseTo(record.feltGapMs!, 3);
    const path = spans().filter((span) => span.attributes['firstword.hidden'] === false);
    expect(path.reduce((sum, span) => sum + durationMs(span), 0)).toBeCloseTo(record.feltGapMs!, 2);
    expect(path.map(({ name }) => name)).toEqual(record.segments.map(({ name }) => name));
    for (const span of path) expect(span.parentSpanContext?.spanId).toBe(turn.spanContext().spanId);
  });

  it('contains no phone number and no transcript', () => {
    const { tracer, spans } = openTracer();
    const transcript = { caller: 'my card is 4111', agent: 'thank you' };
    traceTurn({ ...turnRecord(), callId: 'sip_+4915112345678', transcript }, { tracer });
    expect(named(spans(), 'firstword.turn').attributes['gen_ai.conversation.id']).toBe('sip_[redacted]');
    const exported = JSON.stringify(
      spans().map(({ name, attributes, events }) => [name, attributes, events]),
    );
    expect(exported).not.toMatch(/4915112345678|4111|thank you/);
  });

  it('has an LLM span that follows the GenAI conventions, with its attempts', () => {
    const { tracer, spans } = openTracer();
    const attempts = [{ ...LLM, reason: 'hedge' as const, outcome: 'won' as const, startedMs: 1512 }];
    traceTurn(
      turnRecord({ llm: { ...LLM, attempts, tokens: { promptTokens: 900, completionTokens: 40 } } }),
      { tracer },
    );
    const chat = named(spans(), 'chat gpt-oss-120b');
    expect(chat.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'groq',
      'gen_ai.request.model': 'gpt-oss-120b',
      'gen_ai.usage.input_tokens': 900,
      'gen_ai.usage.output_tokens': 40,
      'firstword.llm.emulated': true,
    });
    expect(durationMs(chat)).toBeCloseTo(128, 3);
    expect(chat.events.map(({ attributes }) => attributes?.['firstword.reason'])).toEqual(['hedge']);
  });

  it('reports no tokens if another span already does', () => {
    const { tracer, spans } = openTracer();
    traceTurn(turnRecord({ llm: { ...LLM, tokens: { promptTokens: 900 } } }), { tracer, usage: false });
    expect(named(spans(), 'chat gpt-oss-120b').attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
  });

  it('is a child of the session it belongs to', () => {
    const { tracer, spans } = openTracer();
    const session = tracer.startSpan('agent_session');
    traceTurn(turnRecord(), { tracer, parent: trace.setSpan(ROOT_CONTEXT, session) });
    const turn = named(spans(), 'firstword.turn');
    expect(turn.parentSpanContext).toMatchObject(session.spanContext());
    expect(new Set(spans().map((span) => span.spanContext().traceId))).toHaveProperty('size', 1);
  });

  it('contains no transcript and no error text', () => {
    const { tracer, spans } = openTracer();
    const attempt = { ...LLM, reason: 'primary' as const, outcome: 'failed' as const, startedMs: 1 };
    traceTurn(
      turnRecord({
        transcript: { caller: 'my card is 4111', agent: '4111' },
        llm: { ...LLM, attempts: [{ ...attempt, error: 'bad key 4111' }] },
      }),
      { tracer },
    );
    expect(JSON.stringify(spans().map(({ attributes, events }) => [attributes, events]))).not.toContain(
      '4111',
    );
  });

  it('reports why it has no answer, and is omitted if its time is unknown', () => {
    const { tracer, spans } = openTracer();
    traceTurn(turnRecord({ marks: { speechEnded: 5, turnCommitted: 400 } }), { tracer });
    expect(spans()[0]!.status.message).toBe('no audible answer was seen');
    expect(traceTurn(turnRecord({ marks: {} }), { tracer })).toBeUndefined();
  });

  it('makes a single tracer call if no exporter records', () => {
    const tracer = new ProxyTracerProvider().getTracer('nobody');
    const startSpan = vi.spyOn(tracer, 'startSpan');
    const turn = traceTurn(turnRecord(), { tracer });
    expect(startSpan).toHaveBeenCalledTimes(1);
    expect(turn!.isRecording()).toBe(false);
  });
});

/** The parts of LiveKit's session trace that our import reads. */
function liveKitSpans(tracer: Tracer, session: Span): void {
  const parent = trace.setSpan(ROOT_CONTEXT, session);
  const at = (markMs: number) => AT_MS + markMs - CASCADE_MARKS.speechEnded!;
  const user = tracer.startSpan('user_turn', { startTime: at(0) }, parent);
  user.setAttributes({ 'lk.end_of_turn_delay': 510, 'lk.transcription_delay': 180 });
  user.end(at(1510));
  const answer = tracer.startSpan('agent_turn', { startTime: at(1510) }, parent);
  answer.setAttribute('lk.e2e_latency', 0.773);
  answer.end(at(4000));
}

it('leaves LiveKit’s own spans readable: exported as OTLP/JSON, they import as the same turn', () => {
  const { tracer, spans } = openTracer();
  const session = tracer.startSpan('agent_session', { startTime: AT_MS - 1000 });
  liveKitSpans(tracer, session);
  traceTurn(turnRecord(), { tracer, parent: trace.setSpan(ROOT_CONTEXT, session) });
  const json: unknown = JSON.parse(new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans())));
  const found = new TraceImport();
  expect(found.read(json)).toBe('OTLP/JSON');
  const [turn, ...more] = found.finish().map(({ observation }) => observation);
  expect(more).toEqual([]);
  expect(Date.parse(turn!.at)).toBeCloseTo(AT_MS, 0);
  expect(turn!.marks.framePublished! - turn!.marks.speechEnded!).toBeCloseTo(773, 2);
  expect(ledgerOf(turn!).problem).toBe('no audible answer was seen');
});

it('exports turns as histograms in seconds and counters, with no call id in any attribute', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  const instruments = new TurnInstruments(provider.getMeter('test'));
  const records = fleet(20);
  for (const record of records) instruments.observe(record);
  instruments.observe(
    turnRecord({
      speculation: { started: 3, kept: 1, cancelled: 2, wastedTokens: 700 },
      llm: { ...LLM, tokens: { promptTokens: 900 } },
    }),
  );
  await reader.forceFlush();
  const found = exporter.getMetrics()[0]!.scopeMetrics[0]!.metrics;
  const sum = (name: string) =>
    found
      .find(({ descriptor }) => descriptor.name === name)!
      .dataPoints.reduce(
        (all, { value }) => all + (typeof value === 'number' ? value : ((value as { sum: number }).sum ?? 0)),
        0,
      );
  const gaps = [...records, turnRecord()].reduce((all, { feltGapMs }) => all + feltGapMs! / 1000, 0);
  expect(sum('firstword.felt_gap')).toBeCloseTo(gaps, 6);
  expect(sum('firstword.segment')).toBeCloseTo(gaps, 6);
  expect(sum('firstword.turns')).toBe(21);
  expect(sum('firstword.speculation.wasted_tokens')).toBe(700);
  expect(sum('gen_ai.client.token.usage')).toBe(900);
  expect(JSON.stringify(found)).not.toContain('call-');
});

it('gives a failed turn the status ERROR, its outcome and the code, and no gap', () => {
  const { tracer, spans } = openTracer();
  const failure = { part: 'llm', code: 'auth', status: 401 } as const;
  traceTurn(turnRecord({ outcome: 'apology', failure }), { tracer });
  const turn = spans().find(({ name }) => name === 'firstword.turn')!;
  expect(turn.status).toMatchObject({ code: 2, message: expect.stringContaining('LLM answered 401') });
  expect(turn.attributes).toMatchObject({
    'firstword.outcome': 'apology',
    'firstword.failure.part': 'llm',
    'error.type': 'auth',
    'http.response.status_code': 401,
  });
  expect(turn.attributes).not.toHaveProperty('firstword.felt_gap_ms');
});

it('has the response of a realtime model, up to its first audio, and what became of it', () => {
  const { tracer, spans } = openTracer();
  const marks = {
    speechEnded: 0,
    turnEndReported: 550,
    responseCreated: 570,
    responseAudio: 970,
    framePublished: 975,
    firstAudible: 980,
  };
  const realtime = { responses: 2, silentResponses: 1, turnDetection: 'server_vad' };
  traceTurn(turnRecord({ marks, realtime, rescue: { afterMs: 1200, isHeard: true }, llm: LLM }), {
    tracer,
  });
  expect(durationMs(named(spans(), 'chat gpt-oss-120b'))).toBeCloseTo(400, 3);
  expect(named(spans(), 'firstword.turn').attributes).toMatchObject({
    'firstword.realtime.turn_detection': 'server_vad',
    'firstword.realtime.silent_responses': 1,
    'firstword.rescue.heard': true,
  });
});
