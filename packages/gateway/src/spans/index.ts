import type { Clock } from '@firstword/turn';
import type { AnsweredRequest } from '../answer/answered.js';

/**
 * Writes spans of answers to the tracer that the process has registered with OpenTelemetry (`node --import ./tracing.js`). Does nothing
 * without the package `@opentelemetry/api`, and next to nothing without a registered tracer.
 */
export async function openSpans(clock: Clock): Promise<(answered: AnsweredRequest) => void> {
  const [api, spans] = await Promise.all([
    import('@opentelemetry/api').catch(() => undefined),
    import('./trace-answer.js').catch(() => undefined),
  ]);
  if (!api || !spans) return () => {};
  const tracer = api.trace.getTracer('@firstword/gateway');
  return (answered) => void spans.traceAnswer(answered, { tracer, clock });
}
