import type { RequestTrace } from '@firstword/llm';
import type { AnsweredRequest } from '../answer/answered.js';

/** The trace of an answer by a hedge: a model was asked at 1,005 ms, another one at 1,405, which began to answer at 1,505. */
export function hedgedTrace(fields: Partial<RequestTrace> = {}): RequestTrace {
  const primary = { provider: 'openai', model: 'gpt-4o-mini' };
  const backup = { provider: 'groq', model: 'gpt-oss-120b' };
  return {
    ...backup,
    emulated: false,
    marks: { llmRequested: 1_005, firstContent: 1_505 },
    outcome: 'finished',
    requests: 2,
    usage: { promptTokens: 900, completionTokens: 40, cachedTokens: 512, costUsd: 0.002 },
    attempts: [
      { ...primary, reason: 'primary', outcome: 'cancelled', startedMs: 1_005 },
      { ...backup, reason: 'hedge', outcome: 'won', startedMs: 1_405, firstContentMs: 1_505 },
    ],
    decisions: [{ atMs: 1_400, decision: 'first-content deadline passed' }],
    wasted: { requests: 1, promptTokens: 880 },
    ...fields,
  };
}

/** A request that came at 1,000 ms and was answered by a hedge; the first byte left at 1,510 ms, the last at 2,000. */
export function answeredRequest(fields: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return {
    id: 'fw-1',
    dialect: 'openai-chat',
    route: 'fast',
    status: 200,
    outcome: 'finished',
    stream: true,
    trace: hedgedTrace(),
    receivedMs: 1_000,
    answeredMs: 1_510,
    endedMs: 2_000,
    traceparent: undefined,
    ...fields,
  };
}
