import { telemetry } from '@livekit/agents';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it, onTestFinished } from 'vitest';
import { during, openCall, recorded } from '../testing/call-rig.js';
import { ScriptedModel } from '../testing/scripted.js';

it('adds a turn’s spans, as long as its felt gap, to the trace of LiveKit’s session', async () => {
  const exporter = new InMemorySpanExporter();
  telemetry.setTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    { registerSpanProcessor: () => {} },
  );
  const call = await openCall(new ScriptedModel([{ type: 'text', text: 'At seven. ' }]));
  call.speak();
  call.final('When do you open?');
  call.stop();
  await recorded(call);
  await call.close();
  const spans = exporter.getFinishedSpans();
  const named = (name: string) => spans.find((span) => span.name === name)!;
  const [turn, session] = [named('firstword.turn'), named('agent_session')];
  expect(turn.parentSpanContext?.spanId).toBe(session.spanContext().spanId);
  expect(turn.spanContext().traceId).toBe(named('agent_turn').spanContext().traceId);
  const [record] = call.records;
  expect(turn.duration[0] * 1e3 + turn.duration[1] / 1e6).toBeCloseTo(record!.feltGapMs!, 3);
  expect(turn.attributes['gen_ai.conversation.id']).toBe(record!.callId);
});

it('records a turn’s metrics in a meter provider that is registered after the session was created', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const call = await openCall(new ScriptedModel([{ type: 'text', text: 'At seven. ' }]));
  const reader = new PeriodicExportingMetricReader({ exporter });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  onTestFinished(() => metrics.disable());
  call.speak();
  call.final('When do you open?');
  call.stop();
  await recorded(call);
  await call.close();
  await during(reader.forceFlush());
  const exported = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  expect(exported.map(({ scope }) => scope.name)).toEqual(['firstword']);
  const points = (name: string) =>
    exported[0]!.metrics.find(({ descriptor }) => descriptor.name === name)!.dataPoints;
  const [gap] = points('firstword.felt_gap');
  expect(gap!.value).toMatchObject({ count: 1, sum: call.records[0]!.feltGapMs! / 1000 });
  expect(gap!.attributes).toMatchObject({ 'gen_ai.request.model': 'scripted-1' });
  expect(points('firstword.turns')[0]).toMatchObject({
    value: 1,
    attributes: { 'firstword.outcome': 'answered' },
  });
  expect(JSON.stringify(exported)).not.toMatch(/When do you open|At seven/);
});
