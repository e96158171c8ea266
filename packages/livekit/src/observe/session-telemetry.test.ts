import { telemetry } from '@livekit/agents';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { openCall, recorded } from '../testing/call-rig.js';
import { ScriptedModel } from '../testing/scripted.js';

it('puts a turn’s spans into the trace of LiveKit’s session, as long as its felt gap', async () => {
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
