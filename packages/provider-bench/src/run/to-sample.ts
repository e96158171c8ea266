import type { Usage } from '@firstword/llm';
import { ProviderError } from '@firstword/llm';
import type { FirstwordError } from '@firstword/turn';
import { withoutUndefined } from '../analyse/values.js';
import { costUsd } from '../budget/prices.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { Price } from '../run-file.js';
import type { BenchSample } from '../sample.js';
import { type MeasuredRequest, phasesOf, roundToMicroseconds } from './measure-request.js';

function tokensOf(usage: Usage | undefined): Pick<BenchSample, 'tokens'> {
  if (!usage) return {};
  const { promptTokens, cachedTokens, cacheWriteTokens, completionTokens, reasoningTokens } = usage;
  return {
    tokens: withoutUndefined({
      promptTokens,
      cachedTokens,
      cacheWriteTokens,
      completionTokens,
      reasoningTokens,
    }),
  };
}

/** A failure as a sample stores it. */
export function errorOf(error: FirstwordError | undefined): Pick<BenchSample, 'error'> {
  if (!error) return {};
  const status = error instanceof ProviderError ? error.status : undefined;
  return { error: { kind: error.code, message: error.message, ...(status === undefined ? {} : { status }) } };
}

function openedOf({ trace }: MeasuredRequest): Pick<BenchSample, 'connection' | 'opened'> {
  if (!trace.connection) return {};
  const { state, dnsMs, tcpMs, tlsMs } = trace.connection;
  return {
    connection: state,
    ...(state === 'reused' ? {} : { opened: withoutUndefined({ dnsMs, tcpMs, tlsMs }) }),
  };
}

/** The cost reported by the provider, otherwise computed from its tokens and the price; `undefined` where unknown. */
export function requestCostUsd({ trace }: MeasuredRequest, price: Price | undefined): number | undefined {
  const { usage } = trace;
  if (usage?.costUsd !== undefined) return usage.costUsd;
  return price && usage ? costUsd(price, usage) : undefined;
}

/** Converts a measured request to the sample that is stored. */
export function toSample(parts: {
  planned: PlannedRequest;
  measured: MeasuredRequest;
  language: string;
  promptCharacters: number;
  /** Scheduled and actual send time, ms after the run's start. */
  scheduledMs: number;
  startedMs: number;
  idleMs: number | undefined;
  price: Price | undefined;
}): Omit<BenchSample, 'machine'> {
  const { planned, measured } = parts;
  const { trace } = measured;
  const optional = withoutUndefined({
    idleMs: trace.connection?.state === 'reused' ? parts.idleMs : undefined,
    providerTime: trace.providerTime,
    bodyBytes: trace.bodyBytes,
    limits: trace.limits,
    costUsd: requestCostUsd(measured, parts.price),
    serviceTier: trace.serviceTier,
    servedBy: trace.servedBy,
    emulated: trace.emulated || undefined,
  });
  return {
    index: planned.index,
    armId: planned.arm.id,
    warmUp: planned.warmUp,
    language: parts.language,
    conversation: planned.conversation,
    turn: planned.turn,
    promptCharacters: parts.promptCharacters,
    scheduledMs: roundToMicroseconds(parts.scheduledMs),
    startedMs: roundToMicroseconds(parts.startedMs),
    phases: phasesOf(measured),
    ...openedOf(measured),
    ...tokensOf(trace.usage),
    answerCharacters: measured.answerCharacters,
    ...optional,
    requests: trace.requests,
    ...errorOf(measured.error),
  };
}
