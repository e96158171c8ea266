import type { RequestTrace, RouteAttempt } from '@firstword/llm';
import type { Clock } from '@firstword/turn';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import type { AnsweredRequest } from '../answer/answered.js';

/** What spans are written with. */
export interface TraceAnswerOptions {
  tracer: Tracer;
  /** The gateway's clock. */
  clock: Clock;
}

/** `traceparent` of W3C Trace Context: version, trace id, id of the caller's span, flags. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The caller's span; a trace of its own if there is none, or if the header is damaged. */
export function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return traceApi.setSpanContext(ROOT_CONTEXT, parent);
}

/** Without the attributes whose value is unknown. */
const known = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

const modelAttributes = ({ provider, model }: { provider: string; model: string }): Attributes => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': provider,
  'gen_ai.request.model': model,
});

function answerAttributes(answered: AnsweredRequest): Attributes {
  const { trace, receivedMs } = answered;
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = trace?.usage ?? {};
  const firstContentMs = trace?.marks.firstContent;
  return known({
    ...(trace ? modelAttributes(trace) : {}),
    'http.response.status_code': answered.status,
    'firstword.route': answered.route,
    'firstword.dialect': answered.dialect,
    'firstword.request_id': answered.id,
    'firstword.outcome': answered.outcome,
    'firstword.first_content_ms': firstContentMs === undefined ? undefined : firstContentMs - receivedMs,
    'firstword.llm.requests': trace?.requests,
    'firstword.llm.emulated': trace?.emulated,
    'error.type': answered.error,
    'gen_ai.usage.input_tokens': promptTokens,
    'gen_ai.usage.output_tokens': completionTokens,
    'gen_ai.usage.cache_read.input_tokens': cachedTokens,
    'gen_ai.usage.reasoning.output_tokens': reasoningTokens,
  });
}

/**
 * Writes the spans of a request that has ended: one of the gateway, a child of the caller's span, and in it one for each request
 * to a model. Their attributes follow OpenTelemetry's GenAI conventions and contain no text of the request or the answer.
 * @returns the gateway's span
 */
export function traceAnswer(answered: AnsweredRequest, { tracer, clock }: TraceAnswerOptions): Span {
  const wall = (markMs: number) => clock.wallMs() - clock.nowMs() + markMs;
  const parent = parentOf(answered.traceparent);
  const name = answered.route === undefined ? 'chat' : `chat ${answered.route}`;
  const span = tracer.startSpan(
    name,
    { kind: SpanKind.SERVER, startTime: wall(answered.receivedMs) },
    parent,
  );
  // Nobody records: one call was all it cost.
  if (!span.isRecording()) return span;
  span.setAttributes(answerAttributes(answered));
  if (answered.outcome === 'failed')
    span.setStatus({ code: SpanStatusCode.ERROR, message: answered.error ?? 'failed' });
  const { trace } = answered;
  for (const { atMs, decision } of trace?.decisions ?? []) span.addEvent(decision, {}, wall(atMs));
  const child = traceApi.setSpan(parent, span);
  for (const attempt of trace?.attempts ?? [])
    attemptSpan(attempt, { tracer, parent: child, wall, endMs: endOf(attempt, answered, trace) });
  span.end(wall(answered.endedMs));
  return span;
}

/** The trace has no end of an attempt: the winner ends with the answer, any other one when the winner began, or later. */
function endOf(attempt: RouteAttempt, { endedMs }: AnsweredRequest, trace: RequestTrace | undefined): number {
  if (attempt.outcome === 'won') return endedMs;
  const decidedMs = attempt.firstContentMs ?? trace?.marks.firstContent ?? endedMs;
  return Math.min(endedMs, Math.max(attempt.startedMs, decidedMs));
}

function attemptSpan(
  attempt: RouteAttempt,
  options: { tracer: Tracer; parent: Context; wall: (markMs: number) => number; endMs: number },
): void {
  const { tracer, parent, wall, endMs } = options;
  const { reason, outcome, error, startedMs, firstContentMs } = attempt;
  const span = tracer.startSpan(
    `chat ${attempt.model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: wall(startedMs),
      attributes: known({
        ...modelAttributes(attempt),
        'firstword.attempt.reason': reason,
        'firstword.attempt.outcome': outcome,
        'error.type': error,
      }),
    },
    parent,
  );
  if (firstContentMs !== undefined) span.addEvent('first content', {}, wall(firstContentMs));
  if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message: error ?? 'failed' });
  span.end(wall(Math.max(startedMs, endMs)));
}
