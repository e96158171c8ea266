import { isFailed, type Owner, outcomeOf, redact, type TurnRecord } from '@firstword/turn';
import type { Attributes } from '@opentelemetry/api';

/**
 * Attribute names of OpenTelemetry's GenAI semantic conventions (status "development"), as in LiveKit 1.9.0. Anything they
 * do not name is under `firstword.`.
 */
const PROVIDER = 'gen_ai.provider.name';
const MODEL = 'gen_ai.request.model';

/** Removes attributes whose value is unknown. */
export function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** Attributes of a turn's LLM request, on spans and on metrics. */
export function llmAttributes(llm: NonNullable<TurnRecord['llm']>): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    [PROVIDER]: llm.provider,
    [MODEL]: llm.model,
    'firstword.llm.emulated': llm.emulated,
  };
}

/** Token counts of a turn's LLM request. */
export function usageAttributes({ tokens }: NonNullable<TurnRecord['llm']>): Attributes {
  return known({
    'gen_ai.usage.input_tokens': tokens?.promptTokens,
    'gen_ai.usage.output_tokens': tokens?.completionTokens,
    'gen_ai.usage.cache_read.input_tokens': tokens?.cachedTokens,
    'gen_ai.usage.reasoning.output_tokens': tokens?.reasoningTokens,
  });
}

/** Attributes of the LLM request's span. Their values differ from turn to turn, too many for a metric. */
export function llmSpanAttributes(llm: NonNullable<TurnRecord['llm']>): Attributes {
  const { connection, providerTime, region, requests } = llm;
  return known({
    ...llmAttributes(llm),
    'firstword.llm.region': region,
    'firstword.llm.requests': requests,
    'firstword.llm.connection': connection?.state,
    'firstword.llm.provider_queue_ms': providerTime?.queueMs,
    'firstword.llm.provider_prefill_ms': providerTime?.prefillMs,
  });
}

/** Attributes of a turn's span. */
export function turnAttributes(record: TurnRecord): Attributes {
  const { callId, turn, feltGapMs, problem, interrupted, bargeIn, toolCalls, transport, speculation } =
    record;
  const { realtime, rescue } = record;
  const outcome = outcomeOf(record);
  return known({
    'firstword.outcome': outcome,
    'firstword.failure.part': record.failure?.part,
    'error.type': isFailed(outcome) ? (record.failure?.code ?? 'unknown') : undefined,
    'http.response.status_code': record.failure?.status,
    'gen_ai.conversation.id': redact(callId),
    'firstword.turn': turn,
    'firstword.felt_gap_ms': feltGapMs,
    'firstword.problem': problem,
    'firstword.interrupted': interrupted,
    'firstword.barge_in': bargeIn,
    'firstword.repaired': record.repaired?.part,
    'firstword.tool_calls': toolCalls,
    'firstword.transport': transport,
    'firstword.realtime.turn_detection': realtime?.turnDetection,
    'firstword.realtime.responses': realtime?.responses,
    'firstword.realtime.silent_responses': realtime?.silentResponses,
    'firstword.rescue.after_ms': rescue?.afterMs,
    'firstword.rescue.heard': rescue?.isHeard,
    'firstword.rescue.by': rescue?.by,
    'firstword.rescue.reason': rescue?.reason,
    'firstword.speculation.started': speculation?.started,
    'firstword.speculation.kept': speculation?.kept,
    'firstword.speculation.cancelled': speculation?.cancelled,
    'firstword.speculation.wasted_tokens': speculation?.wastedTokens,
  });
}

/** Attributes of a segment's owner. */
export function ownerAttributes(owner: Owner): Attributes {
  return known({
    'firstword.owner.kind': owner.kind,
    'firstword.owner.name': 'name' in owner ? owner.name : undefined,
  });
}
