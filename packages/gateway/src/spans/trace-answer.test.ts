import { ManualClock } from '@firstword/turn';
import { ProxyTracerProvider, trace as traceApi } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answeredRequest, hedgedTrace } from '../testing/answered.js';
import { openSpans } from './index.js';
import { traceAnswer } from './trace-answer.js';

const WALL_MS = Date.parse('2026-11-30T10:00:00.000Z');
const clock = new ManualClock({ nowMs: 5_000, wallMs: WALL_MS });
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

function open() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  onTestFinished(() => provider.shutdown());
  return { tracer: provider.getTracer('test'), clock, spans: () => exporter.getFinishedSpans() };
}

const msOf = ([seconds, nanos]: [number, number]) => seconds * 1e3 + nanos / 1e6;
const named = (spans: ReadableSpan[], name: string) => spans.find((span) => span.name === name)!;

test('is a child of the caller’s span, at its time, with a span for each request to a model', () => {
  const { spans, ...options } = open();
  traceAnswer(answeredRequest({ traceparent: TRACEPARENT }), options);
  const answer = named(spans(), 'chat fast');
  expect(answer.parentSpanContext).toMatchObject(CALLER);
  expect(answer.spanContext().traceId).toBe(CALLER.traceId);
  expect(msOf(answer.startTime)).toBeCloseTo(WALL_MS - 4_000, 3);
  expect(msOf(answer.duration)).toBeCloseTo(1_000, 3);
  expect(answer.attributes).toMatchObject({
    'gen_ai.provider.name': 'groq',
    'gen_ai.usage.input_tokens': 900,
    'http.response.status_code': 200,
    'firstword.first_content_ms': 505,
    'firstword.llm.requests': 2,
  });
  const attempts = spans().filter((span) => span !== answer);
  expect(attempts.map((span) => span.attributes['firstword.attempt.reason'])).toEqual(['primary', 'hedge']);
  for (const span of attempts) expect(span.parentSpanContext?.spanId).toBe(answer.spanContext().spanId);
  expect(attempts.map((span) => msOf(span.duration))).toEqual([
    expect.closeTo(500, 3),
    expect.closeTo(595, 3),
  ]);
});

test.each([
  undefined,
  '',
  'nonsense',
  `00-${'0'.repeat(32)}-${CALLER.spanId}-01`,
  `00-${CALLER.traceId}-${'0'.repeat(16)}-01`,
  `ff-${CALLER.traceId}-${CALLER.spanId}-01`,
  `00-${CALLER.traceId}-${CALLER.spanId}`,
])('with the traceparent %j it is a trace of its own', (traceparent) => {
  const { spans, ...options } = open();
  traceAnswer(answeredRequest({ traceparent }), options);
  expect(named(spans(), 'chat fast').parentSpanContext).toBeUndefined();
});

test('a caller that does not sample is not sampled either', () => {
  const { spans, ...options } = open();
  traceAnswer(answeredRequest({ traceparent: `${TRACEPARENT.slice(0, -2)}00` }), options);
  expect(spans()).toEqual([]);
});

test('a failure has its code and the status ERROR', () => {
  const { spans, ...options } = open();
  const attempts = [
    {
      provider: 'a',
      model: 'm',
      reason: 'primary' as const,
      outcome: 'failed' as const,
      startedMs: 1_001,
      error: 'auth',
    },
  ];
  const trace = hedgedTrace({ attempts, marks: {}, outcome: 'failed' });
  traceAnswer(answeredRequest({ outcome: 'failed', error: 'auth', status: 502, trace }), options);
  for (const span of spans()) {
    expect(span.status.code).toBe(2);
    expect(span.attributes['error.type']).toBe('auth');
  }
  expect(spans()).toHaveLength(2);
});

test('costs one call to the tracer where nobody records', async () => {
  const tracer = new ProxyTracerProvider().getTracer('nobody');
  const startSpan = vi.spyOn(tracer, 'startSpan');
  traceAnswer(answeredRequest(), { tracer, clock });
  expect(startSpan).toHaveBeenCalledTimes(1);
  const write = await openSpans(clock);
  expect(() => write(answeredRequest())).not.toThrow();
});

test('uses the tracer that the process has registered, whenever it does', async () => {
  const write = await openSpans(clock);
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  traceApi.setGlobalTracerProvider(provider);
  onTestFinished(async () => {
    traceApi.disable();
    await provider.shutdown();
  });
  write(answeredRequest({ traceparent: TRACEPARENT }));
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
    'chat gpt-4o-mini',
    'chat gpt-oss-120b',
    'chat fast',
  ]);
});
