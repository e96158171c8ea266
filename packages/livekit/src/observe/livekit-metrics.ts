import type { metrics } from '@livekit/agents';
import type { LlmRequest } from '../llm/llm.js';
import type { TTSTrace } from '../tts/tts-trace.js';

type LlmMetrics = Extract<metrics.AgentMetrics, { type: 'llm_metrics' }>;
type TtsMetrics = Extract<metrics.AgentMetrics, { type: 'tts_metrics' }>;
type FromWall = (wallMs: number) => number;

/** An LLM request of another LLM plugin, from LiveKit's metrics. −1 in a metric means "never". */
export function fromLlmMetrics(metric: LlmMetrics, fromWall: FromWall): LlmRequest {
  const requestedMs = fromWall(metric.timestamp - metric.durationMs);
  return {
    id: metric.requestId,
    ...(metric.speechId === undefined ? {} : { speechId: metric.speechId }),
    trace: {
      provider: metric.metadata?.modelProvider ?? metric.label,
      model: metric.metadata?.modelName ?? 'unknown',
      emulated: false,
      requests: 1,
      outcome: metric.cancelled ? 'cancelled' : 'finished',
      marks: {
        llmRequested: requestedMs,
        ...(metric.ttftMs >= 0 ? { firstContent: requestedMs + metric.ttftMs } : {}),
      },
      usage: {
        promptTokens: metric.promptTokens,
        completionTokens: metric.completionTokens,
        cachedTokens: metric.promptCachedTokens,
      },
    },
  };
}

/** The timing of an answer of another TTS plugin, from LiveKit's metrics. */
export function fromTtsMetrics(metric: TtsMetrics, fromWall: FromWall): TTSTrace {
  const requestedMs = fromWall(metric.timestamp - metric.durationMs);
  return {
    // A plugin sends its first clause as soon as it has one.
    firstClauseMs: requestedMs,
    requestedMs,
    ...(metric.ttfbMs >= 0 ? { firstByteMs: requestedMs + metric.ttfbMs } : {}),
  };
}
